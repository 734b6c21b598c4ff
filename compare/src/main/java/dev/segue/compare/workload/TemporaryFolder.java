package dev.segue.compare.workload;

import dev.segue.compare.ScratchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A folder that is removed at the end, with all that is in it. */
final class TemporaryFolder implements Surroundings {
  static final String PARAMETER = "folder";

  private final ScratchFolder folder = new ScratchFolder();

  TemporaryFolder() throws IOException {}

  Path path() {
    return folder.path();
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of(PARAMETER, path().toString());
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}

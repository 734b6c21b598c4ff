package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.inspect.ThreadRecording;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  @Test
  void threadsOfJobsAreShownBeforeThoseOfLibraries() {
    var threads = new ArrayList<ThreadRecording>();
    for (int i = 1; i <= 9; i++) {
      threads.add(thread("HttpClient-1-Worker-" + i));
    }
    threads.add(thread("job 1"));
    threads.add(thread("job 2"));

    var shown = SideBySide.some(threads).stream().map(ThreadRecording::name).toList();

    assertThat(shown).hasSize(8).startsWith("job 1", "job 2", "HttpClient-1-Worker-1");
  }

  @Test
  void thePageIsAsHighAsItsRows() throws Exception {
    var recordings = Pages.waits("Fetch").points().getFirst().recordings();
    int one = SideBySide.of(recordings, List.of(Model.SYNC)).height();
    int two = SideBySide.of(recordings, List.of(Model.SYNC, Model.THREAD_POOL)).height();
    assertThat(two - one).isEqualTo(20 * 5); // a heading and four workers
  }

  private static ThreadRecording thread(String name) {
    return new ThreadRecording("a thread for each job", name, 1, List.of());
  }
}

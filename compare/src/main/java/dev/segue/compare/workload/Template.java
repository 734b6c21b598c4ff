package dev.segue.compare.workload;

import dev.segue.compare.WorkloadException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.lang.model.SourceVersion;

/** A workload to start from. */
public final class Template {
  private static final String TEXT =
      """
      // Jobs to be compared: run one after the other, on threads, on an event loop, in processes.
      //
      //   segue compare NAME.java                         what each model makes of them
      //   segue compare NAME.java -p jobs=100             with more of them
      //   segue compare NAME.java --sweep length=1ms..1s  where one model overtakes another
      //
      // Libraries from Maven's repositories: a line for each that begins with //DEPS, such as
      // //DEPS org.apache.commons:commons-lang3:3.18.0

      import dev.segue.compare.Parameters;
      import dev.segue.compare.Workload;
      import dev.segue.futures.SerializableCallable;
      import java.time.Duration;
      import java.util.ArrayList;
      import java.util.List;

      public class NAME implements Workload<String> {

        // The jobs of one repetition, which are made anew for each. That is not measured.
        @Override
        public List<SerializableCallable<String>> jobs(Parameters parameters) {
          int count = parameters.count("jobs", 20); // or what -p jobs=... says
          Duration length = parameters.time("length", Duration.ofMillis(20));
          var jobs = new ArrayList<SerializableCallable<String>>();
          for (int i = 0; i < count; i++) {
            int number = i;
            jobs.add(() -> work(number, length)); // what it uses travels to the process pool
          }
          return jobs;
        }

        // One job, in ordinary blocking Java. Put your work here: a request, a query, a
        // computation. It returns the same whenever it runs, for the results are compared.
        static String work(int number, Duration length) throws Exception {
          Thread.sleep(length); // waits, as for an answer
          int hash = 0;
          for (int i = 0; i < 100_000; i++) { // computes
            hash = 31 * hash + number;
          }
          return "job " + number + ": " + hash;
        }
      }
      """;

  private Template() {}

  /**
   * Writes one.
   *
   * @param name the name of the class, or of the file
   * @param folder where to
   * @return the file
   * @throws WorkloadException if the name is not one of a class, or there is such a file
   * @throws IOException if it cannot be written
   */
  public static Path write(String name, Path folder) throws WorkloadException, IOException {
    var type = name.endsWith(".java") ? name.substring(0, name.length() - 5) : name;
    if (!SourceVersion.isIdentifier(type) || SourceVersion.isKeyword(type)) {
      throw new WorkloadException("'" + name + "' cannot be the name of a class, as MyJob can");
    }
    var file = folder.resolve(type + ".java");
    try {
      Files.writeString(file, TEXT.replace("NAME", type), StandardOpenOption.CREATE_NEW);
      return file;
    } catch (FileAlreadyExistsException _) {
      throw new WorkloadException(file + " exists already, and is left as it is");
    }
  }
}

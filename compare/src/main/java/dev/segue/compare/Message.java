package dev.segue.compare;

import dev.segue.compare.Finding.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a comparison and its child JVMs say to each other, by Java serialization, on a socket. */
@SuppressWarnings("ArrayRecordComponent") // nothing compares messages
sealed interface Message extends Serializable {
  int BUFFER = 1 << 16;

  /** To a child, first of all. Answered by Ready or Refused. */
  record Setup(
      String workload,
      Map<String, String> parameters,
      Model model,
      int workers,
      Duration timeout,
      double rate,
      @Nullable String master)
      implements Message {}

  /** To a child: make jobs with each of these, once. Answered by Checked or Refused. */
  record Check(List<Map<String, String>> parameters) implements Message {}

  /**
   * To a child: run all jobs once. Answered by Began when they are made, Done when they have ended,
   * and Outcome; or by Refused.
   *
   * @param collect whether to collect garbage afterwards, and to tell how much is left
   * @param record whether to record it
   */
  record Repeat(boolean collect, boolean record) implements Message {}

  /**
   * To a child: run all jobs once, and see which updates are lost. Answered by Watched or Refused.
   */
  record Watch() implements Message {}

  /**
   * The updates of a field that were lost.
   *
   * @param field as {@code Account.balance}
   * @param read where the old value was read
   * @param overwritten where another job wrote a new one
   * @param write where the first wrote what it had made of the old one
   * @param count how often that was seen
   */
  record Lost(String field, String read, String overwritten, String write, int count)
      implements Serializable {}

  /**
   * All jobs have been run.
   *
   * @param lost the most frequent one; null if none was seen
   */
  record Watched(@Nullable Lost lost) implements Message {}

  /** To a child: what does it do now? Answered by Stuck, also while jobs run. */
  record Explain() implements Message {}

  /** It can take jobs. */
  record Ready() implements Message {}

  /**
   * The jobs could be made.
   *
   * @param used what they asked the first of the parameters for
   */
  record Checked(Map<String, String> used) implements Message {}

  /** The workload could not be made, or gave no jobs. */
  record Refused(String text) implements Message {}

  /** The first job is about to be submitted. */
  record Began() implements Message {}

  /** The last job has ended. */
  record Done() implements Message {}

  /**
   * What came of one repetition. What is 0 or empty was not asked for, or is not known.
   *
   * @param processor nanoseconds, in all processes
   * @param moreThreads the most threads of this JVM at one time, less those at the beginning
   * @param profile what the jobs are like, if they ran one after the other
   * @param values for each job its result, and for all what they left behind
   * @param heap the bytes in use after a garbage collection, in the mean of the processes
   */
  record Outcome(
      long wall,
      long processor,
      long p50,
      long p99,
      long max,
      int moreThreads,
      @Nullable JobProfile profile,
      Values values,
      List<Problem> problems,
      List<Held> held,
      long heap,
      byte[] recording)
      implements Message {}

  /**
   * Results, as they are compared.
   *
   * @param digests of equal values they are equal; 0 for what cannot be compared
   * @param texts what they look like, shortened
   */
  record Values(long[] digests, String[] texts) implements Serializable {}

  /** Why jobs did not end as they should. */
  record Problem(Kind kind, String text, @Nullable String at) implements Serializable {}

  /** A job held the loop, at a line. */
  record Held(String at, long millis, String remedy) implements Serializable {}

  /**
   * A job that runs, how many have ended, and where it is. A child also says this by itself if that
   * job has called System.exit.
   */
  record Stuck(String job, int ended, @Nullable String at) implements Message {}

  /** In the parent alone: the child is gone. */
  record Ended(int exitCode, String lastLines) implements Message {}

  /** Where messages are written to; the other end waits for the first bytes of it. */
  static ObjectOutputStream out(Socket socket) throws IOException {
    var out = new ObjectOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
    out.flush();
    return out;
  }

  /** Where messages are read from. */
  static ObjectInputStream in(Socket socket) throws IOException {
    return new ObjectInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
  }
}

package dev.segue.process.codec;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.ref.Reference;
import java.lang.reflect.Member;
import java.nio.Buffer;
import java.nio.channels.Channel;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.regex.MatchResult;
import java.util.stream.BaseStream;

/** What to do about an object that is not serializable. */
final class Advice {
  private static final String OPEN_IN_TASK =
      "it belongs to this process: send what it is made from, and create it inside the task";
  private static final String ONE_PROCESS =
      "it works within one process alone: mark the field transient, or create it inside the task";

  private record Case(Class<?> type, String advice) {}

  private static final List<Case> CASES =
      List.of(
          new Case(Optional.class, "send its value instead, by orElse(null)"),
          new Case(OptionalInt.class, "send its value instead"),
          new Case(OptionalLong.class, "send its value instead"),
          new Case(OptionalDouble.class, "send its value instead"),
          new Case(Path.class, "send its text instead, by toString(), or a java.io.File"),
          new Case(BaseStream.class, "send a list of its elements instead, by toList()"),
          new Case(Iterator.class, "send a list of its elements instead"),
          new Case(Spliterator.class, "send a list of its elements instead"),
          new Case(Map.Entry.class, "send a new AbstractMap.SimpleImmutableEntry of it instead"),
          new Case(MatchResult.class, "send the texts of its groups instead"),
          new Case(Buffer.class, "send an array of its content instead"),
          new Case(Member.class, "send its class and name instead"),
          new Case(Future.class, "wait for it, and send its result instead"),
          new Case(CompletionStage.class, "wait for it, and send its result instead"),
          new Case(Executor.class, ONE_PROCESS),
          new Case(Thread.class, ONE_PROCESS),
          new Case(ThreadLocal.class, ONE_PROCESS),
          new Case(ClassLoader.class, ONE_PROCESS),
          new Case(Lock.class, ONE_PROCESS),
          new Case(ReadWriteLock.class, ONE_PROCESS),
          new Case(Condition.class, ONE_PROCESS),
          new Case(CountDownLatch.class, ONE_PROCESS),
          new Case(CyclicBarrier.class, ONE_PROCESS),
          new Case(Reference.class, "send what it refers to instead, by get()"),
          new Case(Process.class, ONE_PROCESS),
          new Case(InputStream.class, "read it, and send what it contains, or " + OPEN_IN_TASK),
          new Case(Reader.class, "read it, and send what it contains, or " + OPEN_IN_TASK),
          new Case(OutputStream.class, OPEN_IN_TASK),
          new Case(Writer.class, OPEN_IN_TASK),
          new Case(Channel.class, OPEN_IN_TASK),
          new Case(FileSystem.class, OPEN_IN_TASK),
          new Case(AutoCloseable.class, OPEN_IN_TASK));

  private Advice() {}

  static String on(Class<?> type) {
    if (type == Object.class) {
      return "if it is a lock, mark the field transient";
    }
    for (var each : CASES) {
      if (each.type().isAssignableFrom(type)) {
        return each.advice();
      }
    }
    if (isOfJdk(type)) {
      return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
          ? "it is a view of another collection: send a copy instead, such as a new ArrayList of it"
          : "send its value instead, mark the field transient, or create it inside the task";
    }
    return general(type.getName());
  }

  /** For a class of the program, which can be changed. */
  static String general(String className) {
    return "make "
        + className
        + " implement Serializable, mark the field transient, or create it inside the task";
  }

  /** Whether it comes with the JDK, and cannot be changed. */
  private static boolean isOfJdk(Class<?> type) {
    var loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}

package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.Outcome;
import dev.segue.Task;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A cancel that ends a JDK wait: what the JDK makes of the interrupt leaves the body, and the task
 * ends cancelled, with that exception as the cause.
 */
@CarrierOnly(Difference.CANCEL_OF_A_JDK_WAIT)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledWaitsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  // What a wait needs, kept from the garbage collector, which would close it.
  private static final Queue<AutoCloseable> OPEN = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeAll() throws Exception {
    for (var open = OPEN.poll(); open != null; open = OPEN.poll()) {
      open.close();
    }
  }

  private static <C extends AutoCloseable> C open(C resource) {
    OPEN.add(resource);
    return resource;
  }

  /** A wait that nothing but a cancel ends, made afresh by {@code setUp}, and what is thrown. */
  record Case(
      String name, Class<? extends Exception> thrown, Callable<Action<? extends Exception>> setUp) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(
      String name, Class<? extends Exception> thrown, Callable<Action<? extends Exception>> setUp) {
    return new Case(name, thrown, setUp);
  }

  /** A wait that needs nothing set up. */
  private static Case interrupted(String name, Action<? extends Exception> wait) {
    return of(name, InterruptedException.class, () -> wait);
  }

  static Stream<Case> inTheThread() {
    var monitor = new Object();
    return Stream.of(
        interrupted("Thread.sleep", () -> Thread.sleep(100_000)),
        interrupted(
            "Object.wait",
            () -> {
              synchronized (monitor) {
                monitor.wait();
              }
            }),
        interrupted(
            "Object.wait(ms)",
            () -> {
              synchronized (monitor) {
                monitor.wait(100_000);
              }
            }),
        interrupted("Thread.join", () -> Thread.ofVirtual().start(() -> sleepFor100s()).join()),
        of(
            "Process.waitFor",
            InterruptedException.class,
            () -> {
              var process = new ProcessBuilder("sleep", "100").start();
              return () -> {
                try {
                  process.waitFor();
                } finally {
                  process.destroyForcibly();
                }
              };
            }),
        of(
            "WatchService.take",
            InterruptedException.class,
            () -> open(FileSystems.getDefault().newWatchService())::take));
  }

  private static void sleepFor100s() {
    try {
      Thread.sleep(100_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Case> inLocksAndQueues() {
    return Stream.of(
        of(
            "ReentrantLock.lockInterruptibly",
            InterruptedException.class,
            () -> heldLock()::lockInterruptibly),
        of(
            "ReentrantLock.tryLock(time)",
            InterruptedException.class,
            () -> {
              var lock = heldLock();
              return () -> lock.tryLock(100, TimeUnit.SECONDS);
            }),
        interrupted(
            "Condition.await",
            () -> {
              var lock = new ReentrantLock();
              lock.lock();
              try {
                lock.newCondition().await();
              } finally {
                lock.unlock();
              }
            }),
        interrupted("Semaphore.acquire", new Semaphore(0)::acquire),
        interrupted("CountDownLatch.await", new CountDownLatch(1)::await),
        interrupted("CyclicBarrier.await", () -> new CyclicBarrier(2).await()),
        interrupted("Exchanger.exchange", () -> new Exchanger<String>().exchange("it")),
        interrupted(
            "Phaser.awaitAdvanceInterruptibly", () -> new Phaser(1).awaitAdvanceInterruptibly(0)),
        interrupted("LinkedBlockingQueue.take", () -> new LinkedBlockingQueue<>().take()),
        interrupted("SynchronousQueue.put", () -> new SynchronousQueue<String>().put("it")),
        interrupted(
            "full ArrayBlockingQueue.put",
            () -> {
              var queue = new ArrayBlockingQueue<String>(1);
              queue.put("first");
              queue.put("second");
            }),
        of(
            "PipedInputStream.read",
            InterruptedIOException.class,
            () -> {
              var in = new PipedInputStream();
              var _ = new PipedOutputStream(in);
              return in::read;
            }));
  }

  private static ReentrantLock heldLock() {
    var lock = new ReentrantLock();
    lock.lock();
    return lock;
  }

  static Stream<Case> inFutures() {
    return Stream.of(
        interrupted("CompletableFuture.get", () -> new CompletableFuture<>().get()),
        interrupted("FutureTask.get", () -> new FutureTask<>(() -> "never run").get()),
        interrupted(
            "invokeAll",
            () -> {
              try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                executor.invokeAll(
                    List.of(() -> {
                      Thread.sleep(100_000);
                      return null;
                    }));
              }
            }));
  }

  static Stream<Case> inSockets() {
    return Stream.of(
        of("Socket.read", SocketException.class, () -> open(SocketPair.connect())::read),
        of(
            "Socket.read with a time-out",
            SocketException.class,
            () -> {
              var pair = open(SocketPair.connect());
              pair.client().setSoTimeout(100_000);
              return pair::read;
            }),
        of(
            "Socket.write",
            SocketException.class,
            () -> {
              var pair = open(SocketPair.connect());
              return () -> pair.client().getOutputStream().write(new byte[32 << 20]);
            }),
        of("ServerSocket.accept", SocketException.class, () -> mute()::accept),
        of(
            "DatagramSocket.receive",
            SocketException.class,
            () -> {
              var socket = open(new DatagramSocket(ANY_PORT));
              return () -> socket.receive(new DatagramPacket(new byte[1], 1));
            }),
        of(
            "HttpClient.send",
            InterruptedException.class,
            () -> {
              var mute = mute();
              return () -> {
                try (var client = HttpClient.newHttpClient()) {
                  client.send(HttpRequest.newBuilder(uri(mute)).build(), BodyHandlers.ofString());
                }
              };
            }),
        of(
            "HttpURLConnection",
            SocketException.class,
            () -> {
              var mute = mute();
              return () -> {
                uri(mute).toURL().openConnection().getInputStream();
              };
            }));
  }

  /** A server that answers nothing. */
  private static ServerSocket mute() throws IOException {
    return open(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
  }

  private static URI uri(ServerSocket server) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
  }

  static Stream<Case> inChannels() {
    return Stream.of(
        of(
            "SocketChannel.read",
            ClosedByInterruptException.class,
            () -> {
              var channel = connect(open(ServerSocketChannel.open()).bind(ANY_PORT));
              return () -> channel.read(ByteBuffer.allocate(1));
            }),
        of(
            "SocketChannel.write",
            ClosedByInterruptException.class,
            () -> {
              var channel = connect(open(ServerSocketChannel.open()).bind(ANY_PORT));
              var data = ByteBuffer.allocate(32 << 20);
              return () -> {
                while (data.hasRemaining()) {
                  channel.write(data);
                }
              };
            }),
        of(
            "Unix-domain SocketChannel.read",
            ClosedByInterruptException.class,
            () -> {
              var file = Files.createTempDirectory("segue").resolve("socket");
              var channel =
                  connect(
                      open(ServerSocketChannel.open(StandardProtocolFamily.UNIX))
                          .bind(UnixDomainSocketAddress.of(file)));
              Files.delete(file);
              Files.delete(file.getParent());
              return () -> channel.read(ByteBuffer.allocate(1));
            }),
        of(
            "ServerSocketChannel.accept",
            ClosedByInterruptException.class,
            () -> open(ServerSocketChannel.open()).bind(ANY_PORT)::accept),
        of(
            "DatagramChannel.receive",
            ClosedByInterruptException.class,
            () -> {
              var channel = open(DatagramChannel.open()).bind(ANY_PORT);
              return () -> channel.receive(ByteBuffer.allocate(1));
            }),
        of(
            "Pipe.source.read",
            ClosedByInterruptException.class,
            () -> {
              var pipe = Pipe.open();
              open(pipe.source());
              open(pipe.sink());
              return () -> pipe.source().read(ByteBuffer.allocate(1));
            }),
        of(
            "AsynchronousServerSocketChannel.accept.get",
            InterruptedException.class,
            () -> {
              var channel = open(AsynchronousServerSocketChannel.open()).bind(ANY_PORT);
              return () -> channel.accept().get();
            }));
  }

  private static SocketChannel connect(ServerSocketChannel server) throws Exception {
    var channel = open(SocketChannel.open(server.getLocalAddress()));
    open(server.accept());
    return channel;
  }

  static Stream<Case> wrapped() {
    return Stream.of(
        interrupted(
            "InterruptedException in a RuntimeException",
            () -> {
              try {
                Thread.sleep(100_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
              }
            }),
        interrupted(
            "a reflective call",
            () -> Thread.class.getMethod("sleep", long.class).invoke(null, 100_000L)),
        of(
            "SocketException in an UncheckedIOException",
            SocketException.class,
            () -> {
              var pair = open(SocketPair.connect());
              return () -> {
                try {
                  pair.read();
                } catch (SocketException e) {
                  throw new UncheckedIOException(e);
                }
              };
            }));
  }

  static Stream<Case> all() {
    return Stream.of(
            inTheThread(), inLocksAndQueues(), inFutures(), inSockets(), inChannels(), wrapped())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("all")
  void isCancelledByAnotherTask(Case of) throws Exception {
    Async.run(() -> assertCancelled(of, task -> task.cancel("enough")));
  }

  @ParameterizedTest
  @MethodSource("all")
  void isCancelledByAPlatformThread(Case of) throws Exception {
    Async.run(() -> assertCancelled(of, task -> Async.toThread(() -> task.cancel("enough"))));
  }

  private static void assertCancelled(Case of, Consumer<Task<?>> cancel) throws Exception {
    var wait = of.setUp().call();
    var task = Async.createTask(wait);
    Ticking.tick();
    assertThat(task.isDone()).as("done before the cancel: %s", task).isFalse();
    cancel.accept(task);
    var outcome = task.outcome();
    assertThat(outcome).isInstanceOf(Outcome.Cancellation.class);
    var cancelled = ((Outcome.Cancellation<?>) outcome).cause();
    assertThat(cancelled.reason()).isEqualTo("enough");
    assertThat(Stream.iterate(cancelled.getCause(), t -> t != null, Throwable::getCause))
        .hasAtLeastOneElementOfType(of.thrown());
  }
}

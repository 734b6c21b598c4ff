package dev.segue.waits;

import static dev.segue.waits.WhatWaits.Row.goesOn;

import com.sun.net.httpserver.HttpServer;
import dev.segue.waits.WhatWaits.Row;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Calls that wait as everybody would have it: the others go on, and a cancel ends them. */
final class CooperativeWaits {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
  private static final int MORE_THAN_BUFFERS_HOLD = 32 << 20;

  static final List<Row> ROWS =
      List.of(
          // threads and monitors
          goesOn("`Thread.sleep`", trial -> () -> sleep(trial.millis())),
          goesOn("`Thread.sleep` by reflection", CooperativeWaits::reflectiveSleep),
          goesOn("`Thread.join`", CooperativeWaits::join),
          goesOn("`Object.wait()`", CooperativeWaits::monitorWait),
          goesOn("`Object.wait(ms)`", CooperativeWaits::timedMonitorWait),
          // java.util.concurrent
          goesOn("`ReentrantLock.lockInterruptibly`", CooperativeWaits::lockInterruptibly),
          goesOn("`Condition.await`", CooperativeWaits::condition),
          goesOn("`Semaphore.acquire`", CooperativeWaits::semaphore),
          goesOn("`CountDownLatch.await`", CooperativeWaits::latch),
          goesOn("`CyclicBarrier.await`", CooperativeWaits::barrier),
          goesOn("`LinkedBlockingQueue.take`", CooperativeWaits::queueTake),
          goesOn("`ArrayBlockingQueue.put`, full", CooperativeWaits::queuePut),
          goesOn("`SynchronousQueue.take`", CooperativeWaits::synchronousQueue),
          goesOn("`CompletableFuture.get`", CooperativeWaits::completableFuture),
          goesOn("`CompletableFuture.supplyAsync(…).get`", CooperativeWaits::supplyAsync),
          goesOn("`ExecutorService.submit(…).get`", CooperativeWaits::executorsFuture),
          goesOn("`ExecutorService.invokeAll`", CooperativeWaits::invokeAll),
          goesOn("`PipedInputStream.read`", CooperativeWaits::pipedStream),
          // sockets
          goesOn("`Socket.connect`, no answer", CooperativeWaits::socketConnect),
          goesOn("`Socket` read", CooperativeWaits::socketRead),
          goesOn("`Socket` read with `setSoTimeout`", CooperativeWaits::socketReadTimeout),
          goesOn("`Socket` write, peer not reading", CooperativeWaits::socketWrite),
          goesOn("`ServerSocket.accept`", CooperativeWaits::accept),
          goesOn("`DatagramSocket.receive`", CooperativeWaits::datagramSocket),
          goesOn("`SSLSocket.startHandshake`, slow peer", CooperativeWaits::tlsHandshake),
          goesOn("`SSLSocket` read", CooperativeWaits::tlsRead),
          // channels
          goesOn("`SocketChannel.read`", CooperativeWaits::channelRead),
          goesOn("`SocketChannel.write`, peer not reading", CooperativeWaits::channelWrite),
          goesOn("`SocketChannel.read`, Unix-domain", CooperativeWaits::unixChannelRead),
          goesOn("`ServerSocketChannel.accept`", CooperativeWaits::channelAccept),
          goesOn("`DatagramChannel.receive`", CooperativeWaits::datagramChannel),
          goesOn("`Pipe.source().read`", CooperativeWaits::pipe),
          goesOn("`AsynchronousSocketChannel.read(…).get`", CooperativeWaits::asynchronousChannel),
          // libraries, processes, files
          goesOn("`HttpClient.send`", CooperativeWaits::httpClient),
          goesOn("`HttpURLConnection`", CooperativeWaits::httpUrlConnection),
          goesOn("`Process.waitFor`", CooperativeWaits::processWaitFor),
          goesOn("`Process.onExit().get`", CooperativeWaits::processOnExit),
          goesOn("`WatchService.take`", CooperativeWaits::watchService));

  private CooperativeWaits() {}

  private static String sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return "";
  }

  // --- threads and monitors

  private static Callable<?> reflectiveSleep(Trial trial) throws Exception {
    var method = Thread.class.getMethod("sleep", long.class);
    return () -> method.invoke(null, trial.millis());
  }

  private static Callable<?> join(Trial trial) {
    var latch = new CountDownLatch(1);
    trial.release(latch::countDown);
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    return () -> {
      thread.join();
      return null;
    };
  }

  private static Callable<?> monitorWait(Trial trial) {
    var monitor = new Object();
    trial.release(() -> {
      synchronized (monitor) {
        monitor.notifyAll();
      }
    });
    return () -> {
      synchronized (monitor) {
        monitor.wait();
      }
      return null;
    };
  }

  private static Callable<?> timedMonitorWait(Trial trial) {
    var monitor = new Object();
    return () -> {
      synchronized (monitor) {
        monitor.wait(trial.millis());
      }
      return null;
    };
  }

  // --- java.util.concurrent

  private static Callable<?> lockInterruptibly(Trial trial) throws Exception {
    var lock = new ReentrantLock();
    var held = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    trial.release(release::countDown);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          lock.lock();
          try {
            held.countDown();
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            lock.unlock();
          }
        });
    held.await();
    return () -> {
      lock.lockInterruptibly();
      lock.unlock();
      return null;
    };
  }

  private static Callable<?> condition(Trial trial) {
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    trial.release(() -> {
      lock.lock();
      condition.signalAll();
      lock.unlock();
    });
    return () -> {
      lock.lock();
      try {
        condition.await();
      } finally {
        lock.unlock();
      }
      return null;
    };
  }

  private static Callable<?> semaphore(Trial trial) {
    var semaphore = new Semaphore(0);
    trial.release(semaphore::release);
    return () -> {
      semaphore.acquire();
      return null;
    };
  }

  private static Callable<?> latch(Trial trial) {
    var latch = new CountDownLatch(1);
    trial.release(latch::countDown);
    return () -> {
      latch.await();
      return null;
    };
  }

  private static Callable<?> barrier(Trial trial) {
    var barrier = new CyclicBarrier(2);
    trial.release(barrier::await);
    return barrier::await;
  }

  private static Callable<?> queueTake(Trial trial) {
    var queue = new LinkedBlockingQueue<Integer>();
    trial.release(() -> queue.add(1));
    return queue::take;
  }

  private static Callable<?> queuePut(Trial trial) {
    var queue = new ArrayBlockingQueue<Integer>(1);
    queue.add(1);
    trial.release(queue::take);
    return () -> {
      queue.put(2);
      return null;
    };
  }

  private static Callable<?> synchronousQueue(Trial trial) {
    var queue = new SynchronousQueue<Integer>();
    trial.release(() -> queue.offer(1));
    return queue::take;
  }

  private static Callable<?> completableFuture(Trial trial) {
    var future = new CompletableFuture<Integer>();
    trial.release(() -> future.complete(1));
    return future::get;
  }

  private static Callable<?> supplyAsync(Trial trial) {
    var latch = new CountDownLatch(1);
    trial.release(latch::countDown);
    return () ->
        CompletableFuture.supplyAsync(
                () -> {
                  try {
                    latch.await();
                    return 1;
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .get();
  }

  private static Callable<?> executorsFuture(Trial trial) {
    var executor = trial.open(Executors.newSingleThreadExecutor());
    return () -> executor.submit(() -> sleep(trial.millis())).get();
  }

  private static Callable<?> invokeAll(Trial trial) {
    var executor = trial.open(Executors.newVirtualThreadPerTaskExecutor());
    return () -> executor.invokeAll(List.of(() -> sleep(trial.millis())));
  }

  private static Callable<?> pipedStream(Trial trial) throws IOException {
    var in = trial.open(new PipedInputStream());
    var out = new PipedOutputStream(in);
    trial.release(() -> {
      out.write(1);
      out.flush();
    });
    return in::read;
  }

  // --- sockets

  private static String state(boolean closed) {
    return closed ? "closed" : "open";
  }

  /** A listener whose queue is full: further connections get no answer. */
  private static Callable<?> socketConnect(Trial trial) throws IOException {
    var server = trial.open(new ServerSocket(0, 1, LOOPBACK));
    for (boolean full = false; !full; ) {
      try {
        trial.open(new Socket()).connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException _) {
        full = true;
      }
    }
    var socket = trial.open(new Socket());
    trial.state(() -> state(socket.isClosed()));
    return () -> {
      try {
        socket.connect(server.getLocalSocketAddress(), (int) trial.millis());
      } catch (SocketTimeoutException _) {
        // that was to be expected
      }
      return null;
    };
  }

  private static SocketPair sockets(Trial trial) throws IOException {
    var pair = trial.open(SocketPair.connect());
    trial.state(() -> state(pair.client().isClosed()));
    return pair;
  }

  private static Callable<?> socketRead(Trial trial) throws IOException {
    var pair = sockets(trial);
    trial.release(() -> pair.write(1));
    return pair::read;
  }

  private static Callable<?> socketReadTimeout(Trial trial) throws IOException {
    var pair = sockets(trial);
    pair.client().setSoTimeout((int) trial.millis());
    return () -> {
      try {
        return pair.read();
      } catch (SocketTimeoutException _) {
        return null;
      }
    };
  }

  private static Callable<?> socketWrite(Trial trial) throws IOException {
    var pair = sockets(trial);
    trial.release(() -> pair.accepted().getInputStream().skipNBytes(MORE_THAN_BUFFERS_HOLD));
    return () -> {
      pair.client().getOutputStream().write(new byte[MORE_THAN_BUFFERS_HOLD]);
      return null;
    };
  }

  private static Callable<?> accept(Trial trial) throws IOException {
    var server = trial.open(new ServerSocket(0, 1, LOOPBACK));
    trial.state(() -> state(server.isClosed()));
    trial.release(() -> trial.open(new Socket(LOOPBACK, server.getLocalPort())));
    return () -> trial.open(server.accept());
  }

  private static Callable<?> datagramSocket(Trial trial) throws IOException {
    var receiver = trial.open(new DatagramSocket(ANY_PORT));
    var sender = trial.open(new DatagramSocket(ANY_PORT));
    var address = receiver.getLocalSocketAddress();
    trial.state(() -> state(receiver.isClosed()));
    trial.release(() -> sender.send(new DatagramPacket(new byte[1], 1, address)));
    return () -> {
      receiver.receive(new DatagramPacket(new byte[1], 1));
      return null;
    };
  }

  private static final class Key {
    static final SSLContext TLS;

    static {
      try {
        var folder = Files.createTempDirectory("what-waits");
        TLS = Tls.selfSigned(folder);
        Files.delete(folder.resolve("key.p12"));
        Files.delete(folder);
      } catch (Exception e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  /** A TLS connection, its handshake still to come. */
  private record TlsPair(SSLSocket client, SSLSocket accepted) {
    static TlsPair connect(Trial trial) throws IOException {
      try (var server = Key.TLS.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK)) {
        var factory = Key.TLS.getSocketFactory();
        var client = (SSLSocket) factory.createSocket(LOOPBACK, server.getLocalPort());
        var accepted = (SSLSocket) server.accept();
        trial.open(client::close);
        trial.open(accepted::close);
        trial.state(() -> state(client.isClosed()));
        return new TlsPair(client, accepted);
      }
    }
  }

  private static Callable<?> tlsHandshake(Trial trial) throws IOException {
    var pair = TlsPair.connect(trial);
    trial.release(pair.accepted()::startHandshake);
    return () -> {
      pair.client().startHandshake();
      return null;
    };
  }

  private static Callable<?> tlsRead(Trial trial) throws Exception {
    var pair = TlsPair.connect(trial);
    var peer =
        CompletableFuture.runAsync(() -> {
          try {
            pair.accepted().startHandshake();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    pair.client().startHandshake();
    peer.get();
    trial.release(() -> pair.accepted().getOutputStream().write(1));
    return () -> pair.client().getInputStream().read();
  }

  // --- channels

  private static <C extends Channel> C watch(Trial trial, C channel) {
    trial.state(() -> state(!channel.isOpen()));
    return trial.open(channel);
  }

  private record Channels(SocketChannel client, SocketChannel accepted) {
    static Channels connect(Trial trial, ServerSocketChannel server) throws IOException {
      try (server) {
        var client = watch(trial, SocketChannel.open(server.getLocalAddress()));
        return new Channels(client, trial.open(server.accept()));
      }
    }

    Callable<?> read(Trial trial) {
      trial.release(() -> accepted.write(ByteBuffer.allocate(1)));
      return () -> client.read(ByteBuffer.allocate(1));
    }
  }

  private static Callable<?> channelRead(Trial trial) throws IOException {
    return Channels.connect(trial, ServerSocketChannel.open().bind(ANY_PORT)).read(trial);
  }

  private static Callable<?> unixChannelRead(Trial trial) throws IOException {
    var folder = Files.createTempDirectory("what-waits");
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    var channels = Channels.connect(trial, server);
    Files.delete(address.getPath());
    Files.delete(folder);
    return channels.read(trial);
  }

  private static Callable<?> channelWrite(Trial trial) throws IOException {
    var channels = Channels.connect(trial, ServerSocketChannel.open().bind(ANY_PORT));
    var data = ByteBuffer.allocate(MORE_THAN_BUFFERS_HOLD);
    trial.release(
        () -> channels.accepted().socket().getInputStream().skipNBytes(MORE_THAN_BUFFERS_HOLD));
    return () -> {
      while (data.hasRemaining()) {
        channels.client().write(data);
      }
      return null;
    };
  }

  private static Callable<?> channelAccept(Trial trial) throws IOException {
    var server = watch(trial, ServerSocketChannel.open().bind(ANY_PORT));
    var address = server.getLocalAddress();
    trial.release(() -> trial.open(SocketChannel.open(address)));
    return () -> trial.open(server.accept());
  }

  private static Callable<?> datagramChannel(Trial trial) throws IOException {
    var receiver = watch(trial, DatagramChannel.open().bind(ANY_PORT));
    var sender = trial.open(DatagramChannel.open().bind(ANY_PORT));
    var address = receiver.getLocalAddress();
    trial.release(() -> sender.send(ByteBuffer.allocate(1), address));
    return () -> receiver.receive(ByteBuffer.allocate(1));
  }

  private static Callable<?> pipe(Trial trial) throws IOException {
    var pipe = Pipe.open();
    watch(trial, pipe.source());
    trial.open(pipe.sink());
    trial.release(() -> pipe.sink().write(ByteBuffer.allocate(1)));
    return () -> pipe.source().read(ByteBuffer.allocate(1));
  }

  private static Callable<?> asynchronousChannel(Trial trial) throws Exception {
    try (var server = AsynchronousServerSocketChannel.open().bind(ANY_PORT)) {
      var client = watch(trial, AsynchronousSocketChannel.open());
      client.connect(server.getLocalAddress()).get();
      var accepted = trial.open(server.accept().get());
      trial.release(() -> accepted.write(ByteBuffer.allocate(1)).get());
      return () -> client.read(ByteBuffer.allocate(1)).get();
    }
  }

  // --- libraries, processes, files

  /** A server that answers when the trial's time is up. */
  private static URI slowServer(Trial trial) throws IOException {
    var release = new CountDownLatch(1);
    trial.release(release::countDown);
    var server = HttpServer.create(ANY_PORT, 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            release.await();
            exchange.sendResponseHeaders(204, -1);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    server.start();
    trial.open(() -> {
      release.countDown();
      server.stop(0);
    });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static Callable<?> httpClient(Trial trial) throws IOException {
    var uri = slowServer(trial);
    return () ->
        trial
            .open(HttpClient.newHttpClient())
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
            .statusCode();
  }

  private static Callable<?> httpUrlConnection(Trial trial) throws IOException {
    var url = slowServer(trial).toURL();
    return () -> ((HttpURLConnection) url.openConnection()).getResponseCode();
  }

  private static Process sleepingProcess(Trial trial) throws IOException {
    var process = new ProcessBuilder("sleep", String.valueOf(trial.millis() / 1000.0)).start();
    trial.open(process::destroyForcibly);
    trial.state(() -> process.isAlive() ? "process alive" : "process ended");
    return process;
  }

  private static Callable<?> processWaitFor(Trial trial) throws IOException {
    return sleepingProcess(trial)::waitFor;
  }

  private static Callable<?> processOnExit(Trial trial) throws IOException {
    var process = sleepingProcess(trial);
    return () -> process.onExit().get().exitValue();
  }

  private static Callable<?> watchService(Trial trial) throws IOException {
    var folder = Files.createTempDirectory("what-waits");
    var watcher = trial.open(FileSystems.getDefault().newWatchService());
    folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
    var file = folder.resolve("file");
    trial.release(() -> Files.createFile(file));
    trial.open(() -> {
      Files.deleteIfExists(file);
      Files.delete(folder);
    });
    return watcher::take;
  }
}

/*
 * Kotlin's coroutines on Dispatchers.Default, doing what Segue's benchmark asks for.
 *
 *   MainKt          reads requests, a line each, until the end of the input
 *   MainKt hello    starts one coroutine, which prints hello
 *
 * A request is the name of a work and its count. Its answer is a line "= NUMBER": seconds, for memory
 * bytes, for a server its port, and "-" for a work that is not known here.
 */

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.StandardSocketOptions
import java.nio.ByteBuffer
import java.nio.channels.AsynchronousChannelGroup
import java.nio.channels.AsynchronousServerSocketChannel
import java.nio.channels.AsynchronousSocketChannel
import java.nio.channels.CompletionHandler
import java.util.concurrent.Executors
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlin.coroutines.suspendCoroutine
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.DurationUnit
import kotlin.time.measureTime
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.yield

const val RESPONSE =
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"

inline fun seconds(work: () -> Unit): Double = measureTime(work).toDouble(DurationUnit.SECONDS)

// Coroutines.

/** Two coroutines yield in turn. On more than one core they may run side by side. */
suspend fun switch(count: Int) = seconds {
  coroutineScope { repeat(2) { launch { repeat(count / 2) { yield() } } } }
}

suspend fun spawnAwait(count: Int) = seconds {
  coroutineScope {
    var total = 0
    repeat(count) { total += async { 1 }.await() }
    check(total == count)
  }
}

suspend fun spawnAll(count: Int) = seconds {
  coroutineScope { check(List(count) { async { 1 } }.awaitAll().sum() == count) }
}

suspend fun sleeps(count: Int) = seconds {
  coroutineScope { repeat(count) { launch { delay(100.milliseconds) } } }
}

suspend fun queue(count: Int) = seconds {
  coroutineScope {
    val items = Channel<Int>(1)
    launch {
      repeat(count) { items.send(1) }
      items.close()
    }
    var total = 0
    for (item in items) total += item
    check(total == count)
  }
}

suspend fun lock(count: Int) = seconds {
  coroutineScope {
    val mutex = Mutex()
    repeat(2) { launch { repeat(count / 2) { mutex.withLock { yield() } } } }
  }
}

suspend fun submit(count: Int): Double = coroutineScope {
  val elapsed = CompletableDeferred<Double>()
  thread {
    elapsed.complete(
      seconds {
        var total = 0
        repeat(count) { total += future { 1 }.join() }
        check(total == count)
      }
    )
  }
  elapsed.await()
}

/** Starts coroutines that sleep for an hour, and waits until they do. Their parent cancels them. */
suspend fun CoroutineScope.sleepers(count: Int): Job {
  val started = Channel<Unit>(Channel.UNLIMITED)
  val parent = launch {
    repeat(count) {
      launch {
        started.send(Unit)
        delay(1.hours)
      }
    }
  }
  repeat(count) { started.receive() }
  return parent
}

suspend fun cancel(count: Int): Double = coroutineScope {
  val parent = sleepers(count)
  seconds { parent.cancelAndJoin() }
}

/** Of the heap: a coroutine has nothing outside it. */
suspend fun memory(count: Int): Double = coroutineScope {
  val before = usedHeap()
  val parent = sleepers(count)
  val bytesEach = (usedHeap() - before).toDouble() / count
  parent.cancelAndJoin()
  bytesEach
}

fun usedHeap(): Long {
  System.gc()
  return with(Runtime.getRuntime()) { totalMemory() - freeMemory() }
}

// Servers, on the JDK's asynchronous channels: kotlinx.coroutines has no sockets of its own.

class Resume<T> : CompletionHandler<T, Continuation<T>> {
  override fun completed(result: T, waiting: Continuation<T>) = waiting.resume(result)

  override fun failed(failure: Throwable, waiting: Continuation<T>) =
    waiting.resumeWithException(failure)
}

val resumeInt = Resume<Int>()
val resumeConnection = Resume<AsynchronousSocketChannel>()

suspend fun AsynchronousServerSocketChannel.accepted(): AsynchronousSocketChannel =
  suspendCoroutine { accept(it, resumeConnection) }

suspend fun AsynchronousSocketChannel.readSome(buffer: ByteBuffer): Int = suspendCoroutine {
  read(buffer, it, resumeInt)
}

suspend fun AsynchronousSocketChannel.writeAll(buffer: ByteBuffer) {
  while (buffer.hasRemaining()) {
    suspendCoroutine { write(buffer, it, resumeInt) }
  }
}

suspend fun echo(connection: AsynchronousSocketChannel) {
  val buffer = ByteBuffer.allocateDirect(4096)
  while (connection.readSome(buffer) >= 0) {
    connection.writeAll(buffer.flip())
    buffer.clear()
  }
}

suspend fun http(connection: AsynchronousSocketChannel) {
  val requests = ByteBuffer.allocateDirect(4096)
  val response = ByteBuffer.allocateDirect(RESPONSE.length).put(RESPONSE.toByteArray())
  var lineLength = 0
  while (connection.readSome(requests) >= 0) {
    requests.flip()
    while (requests.hasRemaining()) {
      when (requests.get()) {
        '\r'.code.toByte() -> {}
        '\n'.code.toByte() -> {
          if (lineLength == 0) connection.writeAll(response.rewind())
          lineLength = 0
        }
        else -> lineLength++
      }
    }
    requests.clear()
  }
}

/**
 * Returns the port on which it serves from now on. The channels' threads go on with the coroutines
 * themselves: through Dispatchers.Default, a request takes two to three times the processor.
 */
fun serve(handle: suspend (AsynchronousSocketChannel) -> Unit): Int {
  val cores = Runtime.getRuntime().availableProcessors()
  val threads = AsynchronousChannelGroup.withFixedThreadPool(cores, Executors.defaultThreadFactory())
  val server = AsynchronousServerSocketChannel.open(threads)
  server.bind(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024)
  CoroutineScope(Dispatchers.Unconfined).launch {
    while (true) {
      val connection = server.accepted()
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true)
      launch {
        try {
          connection.use { handle(it) }
        } catch (_: IOException) {
          // Its client broke the connection, and that was all.
        }
      }
    }
  }
  return (server.localAddress as InetSocketAddress).port
}

// Requests.

suspend fun answer(work: String, count: Int): Any =
  when (work) {
    "switch" -> switch(count)
    "spawn-await" -> spawnAwait(count)
    "spawn-all" -> spawnAll(count)
    "sleeps" -> sleeps(count)
    "queue" -> queue(count)
    "lock" -> lock(count)
    "submit" -> submit(count)
    "cancel" -> cancel(count)
    "memory" -> memory(count)
    "echo" -> serve(::echo)
    "http" -> serve(::http)
    else -> "-"
  }

/** A program cannot ask kotlinx.coroutines for its version, but its jar says it. */
fun coroutinesVersion() =
  Job::class.java.getResource("/META-INF/kotlinx_coroutines_core.version")?.readText()?.trim()

fun main(arguments: Array<String>) {
  if (arguments.contentEquals(arrayOf("hello"))) {
    runBlocking { launch { println("hello") } }
    return
  }
  println(
    "= Kotlin ${KotlinVersion.CURRENT}, kotlinx.coroutines ${coroutinesVersion()}, " +
      "JDK ${Runtime.version().feature()}"
  )
  while (true) {
    val words = readlnOrNull()?.split(' ') ?: exitProcess(0) // whatever the connections are at
    val count = words.getOrElse(1) { "0" }.toInt()
    println("= ${runBlocking(Dispatchers.Default) { answer(words[0], count) }}")
  }
}

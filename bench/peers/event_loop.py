"""CPython's asyncio, on its own event loop or on uvloop's, doing what Segue's benchmark asks for.

    event_loop.py [--uvloop]          reads requests, a line each, until the end of the input
    event_loop.py [--uvloop] hello    starts one task, which prints hello

A request is the name of a work and its count. Its answer is a line "= NUMBER": seconds, for memory
bytes, for a server its port, and "-" for a work that is not known here.
"""

import asyncio
import gc
import os
import platform
import subprocess
import sys
import threading
import time

clock = time.perf_counter
HOUR = 3600
BUFFER = 4096
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"


# Tasks.


async def one():
    return 1


async def switch(count):
    async def turns():
        for _ in range(count // 2):
            await asyncio.sleep(0)

    begin = clock()
    await asyncio.gather(turns(), turns())
    return clock() - begin


async def spawn_await(count):
    begin = clock()
    total = 0
    for _ in range(count):
        total += await asyncio.create_task(one())
    elapsed = clock() - begin
    assert total == count
    return elapsed


async def spawn_all(count):
    begin = clock()
    tasks = [asyncio.create_task(one()) for _ in range(count)]
    total = 0
    for task in tasks:
        total += await task
    elapsed = clock() - begin
    assert total == count
    return elapsed


async def sleeps(count):
    begin = clock()
    await asyncio.gather(*(asyncio.sleep(0.1) for _ in range(count)))
    return clock() - begin


async def queue(count):
    items = asyncio.Queue(1)

    async def produce():
        for item in range(count):
            await items.put(item)

    begin = clock()
    producer = asyncio.create_task(produce())
    total = 0
    for _ in range(count):
        total += await items.get()
    await producer
    elapsed = clock() - begin
    assert total == sum(range(count))
    return elapsed


async def lock(count):
    the_lock = asyncio.Lock()

    async def turns():
        for _ in range(count // 2):
            async with the_lock:
                await asyncio.sleep(0)

    begin = clock()
    await asyncio.gather(turns(), turns())
    return clock() - begin


async def submit(count):
    loop = asyncio.get_running_loop()

    def from_another_thread():
        begin = clock()
        total = 0
        for _ in range(count):
            total += asyncio.run_coroutine_threadsafe(one(), loop).result()
        elapsed = clock() - begin
        assert total == count
        return elapsed

    return await asyncio.to_thread(from_another_thread)


async def sleepers(count):
    tasks = [asyncio.create_task(asyncio.sleep(HOUR)) for _ in range(count)]
    await asyncio.sleep(0)  # a turn of the loop, in which they all start
    return tasks


async def cancel_all(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def cancel(count):
    tasks = await sleepers(count)
    begin = clock()
    await cancel_all(tasks)
    return clock() - begin


resident_before = None


async def memory(count):
    # What an allocator keeps from one request serves the next one, so "before" is before the first.
    global resident_before
    gc.collect()
    if resident_before is None:
        resident_before = resident()
    tasks = await sleepers(count)
    bytes_each = (resident() - resident_before) / count
    await cancel_all(tasks)
    return bytes_each


def resident():
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(os.getpid())])) * 1024


# Servers. A protocol is what one writes for speed, a task with streams what one writes first.


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Http(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.unread = b""

    def data_received(self, data):
        *requests, self.unread = (self.unread + data).split(b"\r\n\r\n")
        if requests:
            self.transport.write(RESPONSE * len(requests))


async def echo_task(reader, writer):
    while data := await reader.read(BUFFER):
        writer.write(data)
        await writer.drain()
    writer.close()


async def http_task(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(RESPONSE)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(server):
    answer(server.sockets[0].getsockname()[1])
    input_ended = asyncio.get_running_loop().create_future()

    def wait_for_the_end(loop):
        sys.stdin.read()
        loop.call_soon_threadsafe(input_ended.set_result, None)

    threading.Thread(target=wait_for_the_end, args=[input_ended.get_loop()], daemon=True).start()
    await input_ended
    os._exit(0)  # whatever the connections are at


async def serve_protocol(protocol):
    loop = asyncio.get_running_loop()
    await serve(await loop.create_server(protocol, "127.0.0.1", backlog=1024))


async def serve_tasks(handler):
    await serve(await asyncio.start_server(handler, "127.0.0.1", backlog=1024))


SERVERS = {
    "echo": lambda: serve_protocol(Echo),
    "http": lambda: serve_protocol(Http),
    "echo-streams": lambda: serve_tasks(echo_task),
    "http-streams": lambda: serve_tasks(http_task),
}

WORKS = {
    "switch": switch,
    "spawn-await": spawn_await,
    "spawn-all": spawn_all,
    "sleeps": sleeps,
    "queue": queue,
    "lock": lock,
    "submit": submit,
    "cancel": cancel,
    "memory": memory,
}


def answer(number):
    print("=", number, flush=True)


async def hello():
    print("hello")


def main(*arguments):
    version = f"CPython {platform.python_version()}"
    new_event_loop = asyncio.new_event_loop
    if "--uvloop" in arguments:
        import uvloop

        version += f", uvloop {uvloop.__version__}"
        new_event_loop = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        if "hello" in arguments:
            runner.run(hello())
            return
        answer(version)
        for line in sys.stdin:
            work, *count = line.split()
            if work in SERVERS:
                runner.run(SERVERS[work]())
            elif work in WORKS:
                answer(runner.run(WORKS[work](int(count[0]))))
            else:
                answer("-")


if __name__ == "__main__":
    main(*sys.argv[1:])

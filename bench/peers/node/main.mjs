/*
 * Node's promises and its event loop, doing what Segue's benchmark asks for.
 *
 *   node --expose-gc main.mjs          reads requests, a line each, until the end of the input
 *   node --expose-gc main.mjs hello    runs one async function, which prints hello
 *
 * A request is the name of a work and its count. Its answer is a line "= NUMBER": seconds, for memory
 * bytes, for a server its port, and "-" for a work that is not known here. Cross-thread submit is
 * not: a promise cannot be made from another thread.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate as turnOfTheLoop, setTimeout as sleep } from 'node:timers/promises';

const HOUR = 3_600_000;
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!';

async function timed(work) {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

// Promises. An async function runs to its first await when it is called: there is no other task.

async function one() {
  return 1;
}

/** A turn is one of the queue of promises, which is the cheapest there is, not one of the event loop. */
function switchTurns(count) {
  async function turns() {
    for (let i = 0; i < count / 2; i++) {
      await null;
    }
  }
  return timed(() => Promise.all([turns(), turns()]));
}

function spawnAwait(count) {
  return timed(async () => {
    let total = 0;
    for (let i = 0; i < count; i++) {
      total += await one();
    }
    assert.equal(total, count);
  });
}

function spawnAll(count) {
  return timed(async () => {
    const promises = [];
    for (let i = 0; i < count; i++) {
      promises.push(one());
    }
    let total = 0;
    for (const number of await Promise.all(promises)) {
      total += number;
    }
    assert.equal(total, count);
  });
}

function sleeps(count) {
  return timed(() => {
    const promises = [];
    for (let i = 0; i < count; i++) {
      promises.push(sleep(100));
    }
    return Promise.all(promises);
  });
}

/** Node has none, and this is for one producer and one consumer. */
class QueueOfOne {
  #full = false;
  #item;
  #wake = null;

  async put(item) {
    while (this.#full) {
      await this.#change();
    }
    this.#item = item;
    this.#full = true;
    this.#changed();
  }

  async take() {
    while (!this.#full) {
      await this.#change();
    }
    this.#full = false;
    this.#changed();
    return this.#item;
  }

  #change() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #changed() {
    const wake = this.#wake;
    if (wake !== null) {
      this.#wake = null;
      wake();
    }
  }
}

function queue(count) {
  const items = new QueueOfOne();
  async function produce() {
    for (let i = 0; i < count; i++) {
      await items.put(1);
    }
  }
  async function consume() {
    let total = 0;
    for (let i = 0; i < count; i++) {
      total += await items.take();
    }
    assert.equal(total, count);
  }
  return timed(() => Promise.all([produce(), consume()]));
}

/** Node has none: the lock is handed to whoever waits longest. */
class Lock {
  #held = false;
  #waiting = [];

  acquire() {
    if (this.#held) {
      return new Promise((resolve) => this.#waiting.push(resolve));
    }
    this.#held = true;
    return undefined;
  }

  release() {
    const next = this.#waiting.shift();
    if (next) {
      next();
    } else {
      this.#held = false;
    }
  }
}

function lock(count) {
  const theLock = new Lock();
  async function turns() {
    for (let i = 0; i < count / 2; i++) {
      await theLock.acquire();
      try {
        await null;
      } finally {
        theLock.release();
      }
    }
  }
  return timed(() => Promise.all([turns(), turns()]));
}

async function cancel(count) {
  const controllers = [];
  const promises = [];
  for (let i = 0; i < count; i++) {
    const controller = new AbortController();
    controllers.push(controller);
    promises.push(sleep(HOUR, undefined, { signal: controller.signal }));
  }
  await turnOfTheLoop();
  return timed(async () => {
    for (const controller of controllers) {
      controller.abort();
    }
    const ends = await Promise.allSettled(promises);
    assert(ends.every((end) => end.status === 'rejected'));
  });
}

let residentBefore;

/** "Before" is before the first request: what the heap keeps from one request serves the next one. */
async function memory(count) {
  gc();
  residentBefore ??= process.memoryUsage.rss();
  const timers = [];
  const wakes = [];
  async function sleeper() {
    await new Promise((resolve) => {
      wakes.push(resolve);
      timers.push(setTimeout(resolve, HOUR));
    });
  }
  const promises = [];
  for (let i = 0; i < count; i++) {
    promises.push(sleeper());
  }
  gc();
  const bytesEach = (process.memoryUsage.rss() - residentBefore) / count;
  timers.forEach(clearTimeout);
  wakes.forEach((wake) => wake());
  await Promise.all(promises);
  return bytesEach;
}

// Servers.

function echo(socket) {
  socket.on('data', (data) => socket.write(data));
}

function http(socket) {
  let unread = '';
  socket.setEncoding('latin1');
  socket.on('data', (data) => {
    const requests = (unread + data).split('\r\n\r\n');
    unread = requests.pop();
    if (requests.length > 0) {
      socket.write(RESPONSE.repeat(requests.length));
    }
  });
}

async function serve(handle) {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    handle(socket);
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 });
  await once(server, 'listening');
  return server.address().port;
}

// Requests.

const works = {
  switch: switchTurns,
  'spawn-await': spawnAwait,
  'spawn-all': spawnAll,
  sleeps,
  queue,
  lock,
  cancel,
  memory,
  echo: () => serve(echo),
  http: () => serve(http),
};

async function hello() {
  console.log('hello');
}

async function main() {
  console.log(`= Node ${process.versions.node}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [work, count] = line.split(' ');
    console.log(`= ${work in works ? await works[work](Number(count)) : '-'}`);
  }
  process.exit();
}

await (process.argv[2] === 'hello' ? hello() : main());

//! Rust's tokio on its multi-threaded runtime, doing what Segue's benchmark asks for.
//!
//!     tokio-peer          reads requests, a line each, until the end of the input
//!     tokio-peer hello    starts one task, which prints hello
//!
//! A request is the name of a work and its count. Its answer is a line "= NUMBER": seconds, for
//! memory bytes, for a server its port, and "-" for a work that is not known here.

use std::future::Future;
use std::io::BufRead;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{mpsc, Mutex};
use tokio::task::{yield_now, JoinHandle};
use tokio::time::sleep;

const HOUR: Duration = Duration::from_secs(3600);
const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";

// Tasks.

/// Two tasks yield in turn. On more than one core they may run side by side.
async fn switch(count: usize) -> f64 {
    async fn turns(count: usize) {
        for _ in 0..count {
            yield_now().await;
        }
    }
    let begin = Instant::now();
    let left = tokio::spawn(turns(count / 2));
    let right = tokio::spawn(turns(count / 2));
    left.await.unwrap();
    right.await.unwrap();
    begin.elapsed().as_secs_f64()
}

async fn spawn_await(count: usize) -> f64 {
    let begin = Instant::now();
    let mut total = 0;
    for _ in 0..count {
        total += tokio::spawn(async { 1 }).await.unwrap();
    }
    let elapsed = begin.elapsed();
    assert_eq!(total, count);
    elapsed.as_secs_f64()
}

async fn spawn_all(count: usize) -> f64 {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(async { 1 })).collect();
    let mut total = 0;
    for task in tasks {
        total += task.await.unwrap();
    }
    let elapsed = begin.elapsed();
    assert_eq!(total, count);
    elapsed.as_secs_f64()
}

async fn sleeps(count: usize) -> f64 {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..count)
        .map(|_| tokio::spawn(sleep(Duration::from_millis(100))))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begin.elapsed().as_secs_f64()
}

async fn queue(count: usize) -> f64 {
    let (sender, mut receiver) = mpsc::channel(1);
    let begin = Instant::now();
    tokio::spawn(async move {
        for _ in 0..count {
            sender.send(1).await.unwrap();
        }
    });
    let mut total = 0;
    while let Some(item) = receiver.recv().await {
        total += item;
    }
    let elapsed = begin.elapsed();
    assert_eq!(total, count);
    elapsed.as_secs_f64()
}

async fn lock(count: usize) -> f64 {
    async fn turns(mutex: Arc<Mutex<()>>, count: usize) {
        for _ in 0..count {
            let _held = mutex.lock().await;
            yield_now().await;
        }
    }
    let mutex = Arc::new(Mutex::new(()));
    let begin = Instant::now();
    let left = tokio::spawn(turns(mutex.clone(), count / 2));
    let right = tokio::spawn(turns(mutex, count / 2));
    left.await.unwrap();
    right.await.unwrap();
    begin.elapsed().as_secs_f64()
}

async fn submit(count: usize) -> f64 {
    let runtime = Handle::current();
    let from_another_thread = move || {
        let begin = Instant::now();
        let mut total = 0;
        for _ in 0..count {
            total += runtime.block_on(runtime.spawn(async { 1 })).unwrap();
        }
        let elapsed = begin.elapsed();
        assert_eq!(total, count);
        elapsed.as_secs_f64()
    };
    tokio::task::spawn_blocking(from_another_thread)
        .await
        .unwrap()
}

/// Starts tasks that sleep for an hour, and waits until they do.
async fn sleepers(count: usize) -> Vec<JoinHandle<()>> {
    let started = Arc::new(AtomicUsize::new(0));
    let tasks = (0..count)
        .map(|_| {
            let started = started.clone();
            tokio::spawn(async move {
                started.fetch_add(1, Ordering::Relaxed);
                drop(started);
                sleep(HOUR).await;
            })
        })
        .collect();
    while started.load(Ordering::Relaxed) < count {
        sleep(Duration::from_millis(1)).await;
    }
    tasks
}

async fn cancel_all(tasks: Vec<JoinHandle<()>>) {
    for task in &tasks {
        task.abort();
    }
    for task in tasks {
        assert!(task.await.unwrap_err().is_cancelled());
    }
}

async fn cancel(count: usize) -> f64 {
    let tasks = sleepers(count).await;
    let begin = Instant::now();
    cancel_all(tasks).await;
    begin.elapsed().as_secs_f64()
}

/// "Before" is before the first request: what the allocator keeps from one serves the next one.
async fn memory(count: usize) -> f64 {
    static BEFORE: AtomicUsize = AtomicUsize::new(0);
    if BEFORE.load(Ordering::Relaxed) == 0 {
        BEFORE.store(resident(), Ordering::Relaxed);
    }
    let tasks = sleepers(count).await;
    let grown = resident() as f64 - BEFORE.load(Ordering::Relaxed) as f64;
    let bytes_each = grown / count as f64;
    cancel_all(tasks).await;
    bytes_each
}

fn resident() -> usize {
    let pid = std::process::id().to_string();
    let ps = Command::new("ps")
        .args(["-o", "rss=", "-p", &pid])
        .output()
        .unwrap();
    1024 * number(String::from_utf8(ps.stdout).unwrap().trim())
}

// Servers.

async fn echo(mut connection: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let n = connection.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        connection.write_all(&buffer[..n]).await?;
    }
}

async fn http(mut connection: TcpStream) -> std::io::Result<()> {
    let (reader, mut writer) = connection.split();
    let mut requests = BufReader::with_capacity(4096, reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        if requests.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if line == b"\r\n" {
            writer.write_all(RESPONSE).await?;
        }
    }
}

/// Returns the port on which it serves from now on.
async fn serve<F>(handle: fn(TcpStream) -> F) -> u16
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            connection.set_nodelay(true).unwrap();
            tokio::spawn(handle(connection)); // a connection that its client breaks just ends
        }
    });
    port
}

// Requests.

async fn answer(request: String) -> String {
    let mut words = request.split_whitespace();
    let work = words.next().unwrap_or_default();
    let count = words.next().map_or(0, number);
    match work {
        "switch" => switch(count).await,
        "spawn-await" => spawn_await(count).await,
        "spawn-all" => spawn_all(count).await,
        "sleeps" => sleeps(count).await,
        "queue" => queue(count).await,
        "lock" => lock(count).await,
        "submit" => submit(count).await,
        "cancel" => cancel(count).await,
        "memory" => memory(count).await,
        "echo" => serve(echo).await.into(),
        "http" => serve(http).await.into(),
        _ => return "-".to_string(),
    }
    .to_string()
}

fn number(text: &str) -> usize {
    text.parse().unwrap()
}

fn main() {
    let runtime = Runtime::new().unwrap();
    if std::env::args().nth(1).as_deref() == Some("hello") {
        runtime.block_on(async {
            tokio::spawn(async { println!("hello") }).await.unwrap();
        });
        return;
    }
    // What the build found: a program cannot ask for these.
    println!(
        "= tokio {}, rustc {}",
        env!("TOKIO_VERSION"),
        env!("RUSTC_VERSION")
    );
    for request in std::io::stdin().lock().lines() {
        // As a task, on a worker: the future of block_on itself would run on this thread.
        let answer = runtime
            .block_on(runtime.spawn(answer(request.unwrap())))
            .unwrap();
        println!("= {answer}");
    }
    std::process::exit(0); // whatever the connections are at
}

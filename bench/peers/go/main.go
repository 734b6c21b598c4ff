// Go's goroutines and channels, doing what Segue's benchmark asks for.
//
//	peer          reads requests, a line each, until the end of the input
//	peer hello    starts one goroutine, which prints hello
//
// A request is the name of a work and its count. Its answer is a line "= NUMBER": seconds, for memory
// bytes, for a server its port, and "-" for a work that is not known here.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
)

const response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"

// Goroutines.

// switchTurns has two goroutines yield in turn. On more than one processor they may run side by side.
func switchTurns(count int) float64 {
	return twice(count/2, runtime.Gosched)
}

// twice has two goroutines do the same, each so many times.
func twice(count int, turn func()) float64 {
	var both sync.WaitGroup
	begin := time.Now()
	for i := 0; i < 2; i++ {
		both.Add(1)
		go func() {
			defer both.Done()
			for i := 0; i < count; i++ {
				turn()
			}
		}()
	}
	both.Wait()
	return time.Since(begin).Seconds()
}

func spawnAwait(count int) float64 {
	result := make(chan int)
	total := 0
	begin := time.Now()
	for i := 0; i < count; i++ {
		go func() { result <- 1 }()
		total += <-result
	}
	elapsed := time.Since(begin)
	check(total, count)
	return elapsed.Seconds()
}

func spawnAll(count int) float64 {
	begin := time.Now()
	results := make([]int, count)
	var all sync.WaitGroup
	all.Add(count)
	for i := range results {
		go func(result *int) {
			*result = 1
			all.Done()
		}(&results[i])
	}
	all.Wait()
	total := 0
	for _, result := range results {
		total += result
	}
	elapsed := time.Since(begin)
	check(total, count)
	return elapsed.Seconds()
}

func sleeps(count int) float64 {
	var all sync.WaitGroup
	begin := time.Now()
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			time.Sleep(100 * time.Millisecond)
			all.Done()
		}()
	}
	all.Wait()
	return time.Since(begin).Seconds()
}

func queue(count int) float64 {
	items := make(chan int, 1)
	total := 0
	begin := time.Now()
	go func() {
		for i := 0; i < count; i++ {
			items <- 1
		}
		close(items)
	}()
	for item := range items {
		total += item
	}
	elapsed := time.Since(begin)
	check(total, count)
	return elapsed.Seconds()
}

func lock(count int) float64 {
	var mutex sync.Mutex
	return twice(count/2, func() {
		mutex.Lock()
		runtime.Gosched()
		mutex.Unlock()
	})
}

func submit(count int) float64 {
	elapsed := make(chan float64)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		elapsed <- spawnAwait(count)
	}()
	return <-elapsed
}

// sleepers starts goroutines that sleep for an hour or until they are cancelled, and returns what
// cancels them and awaits their ends.
func sleepers(count int) (cancelAll func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var started, ended sync.WaitGroup
	started.Add(count)
	ended.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			defer ended.Done()
			timer := time.NewTimer(time.Hour)
			defer timer.Stop()
			started.Done()
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}()
	}
	started.Wait()
	return func() {
		cancel()
		ended.Wait()
	}
}

func cancel(count int) float64 {
	cancelAll := sleepers(count)
	begin := time.Now()
	cancelAll()
	return time.Since(begin).Seconds()
}

var residentBefore int

// memory takes as "before" what was before the first request: what the runtime keeps from one
// request serves the next one.
func memory(count int) float64 {
	if residentBefore == 0 {
		debug.FreeOSMemory()
		residentBefore = resident()
	}
	cancelAll := sleepers(count)
	runtime.GC()
	bytesEach := float64(resident()-residentBefore) / float64(count)
	cancelAll()
	return bytesEach
}

func resident() int {
	kib, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(os.Getpid())).Output()
	if err != nil {
		log.Fatal(err)
	}
	return 1024 * number(strings.TrimSpace(string(kib)))
}

// Servers.

func echo(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func http(connection net.Conn) {
	defer connection.Close()
	requests := bufio.NewReader(connection)
	answer := []byte(response)
	for {
		line, err := requests.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) > len("\r\n") {
			continue
		}
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}

// serve returns the port on which it serves from now on.
func serve(handle func(net.Conn)) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go handle(connection)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// Requests.

var works = map[string]func(int) float64{
	"switch":      switchTurns,
	"spawn-await": spawnAwait,
	"spawn-all":   spawnAll,
	"sleeps":      sleeps,
	"queue":       queue,
	"lock":        lock,
	"submit":      submit,
	"cancel":      cancel,
	"memory":      memory,
}

var servers = map[string]func(net.Conn){
	"echo": echo,
	"http": http,
}

func answer(request []string) any {
	if handle, ok := servers[request[0]]; ok {
		return serve(handle)
	}
	if work, ok := works[request[0]]; ok {
		return work(number(request[1]))
	}
	return "-"
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

func check(total, count int) {
	if total != count {
		log.Fatalf("%d results of %d", total, count)
	}
}

func hello() {
	done := make(chan struct{})
	go func() {
		fmt.Println("hello")
		close(done)
	}()
	<-done
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "hello" {
		hello()
		return
	}
	fmt.Println("= Go", strings.TrimPrefix(runtime.Version(), "go"))
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadString('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("=", answer(strings.Fields(line)))
	}
}

"""A pool of processes that run Python, doing what Segue's benchmark asks for.

    process_pool.py POOL WORKERS   reads requests, a line each, until the end of the input

POOL is cpython, which is concurrent.futures.ProcessPoolExecutor, or multiprocessing, or loky, or
ray: a Ray cluster of this machine. It prints "= VERSION" first. A request is the name of a work and its arguments. Its answer is a line
"= NUMBER". Times are in seconds, rates in things a second, memory in bytes.
"""

import collections
import concurrent.futures
import multiprocessing
import os
import platform
import random
import subprocess
import sys
import time
import types

clock = time.perf_counter


# What the workers do.


def one():
    return 1


def echo(value):
    return value


def call(function, *arguments):
    return function(*arguments)


def merge(left, right):
    """As in the article."""
    out = []
    i = j = 0
    for _ in range(len(left) + len(right)):
        if left[i] < right[j]:
            out.append(left[i])
            i += 1
            if i == len(left):
                return out + right[j:]
        else:
            out.append(right[j])
            j += 1
            if j == len(right):
                return out + left[i:]


def merge_sort(items):
    """As in the article."""
    if len(items) == 1:
        return items
    middle = (len(items) + 1) // 2
    return merge(merge_sort(items[:middle]), merge_sort(items[middle:]))


# The pools.


def loky():
    """joblib has a copy, and most programs that use loky use that."""
    try:
        import loky
    except ImportError:
        from joblib.externals import loky
    return loky


class MultiprocessingPool:
    """multiprocessing.Pool with the methods of an executor."""

    def __init__(self, max_workers):
        self.pool = multiprocessing.Pool(max_workers)

    def submit(self, function, *arguments):
        return types.SimpleNamespace(result=self.pool.apply_async(function, arguments).get)

    def shutdown(self):
        self.pool.close()
        self.pool.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()


class RayCluster:
    """A Ray cluster with the methods of an executor."""

    def __init__(self, max_workers):
        import ray

        ray.init(num_cpus=max_workers, include_dashboard=False, log_to_driver=False)
        self.ray = ray
        self.call = ray.remote(call)

    def submit(self, function, *arguments):
        reference = self.call.remote(function, *arguments)
        return types.SimpleNamespace(result=lambda: self.ray.get(reference))

    def shutdown(self):
        self.ray.shutdown()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()


def new_pool(name, workers):
    if name == "ray":
        return RayCluster(max_workers=workers)
    if name == "multiprocessing":
        return MultiprocessingPool(max_workers=workers)
    if name == "loky":
        return loky().ProcessPoolExecutor(max_workers=workers)
    return concurrent.futures.ProcessPoolExecutor(max_workers=workers)


# The works.


class Works:
    def __init__(self, name, workers):
        self.name = name
        self.workers = workers
        self.shared = None

    def new_pool(self):
        return new_pool(self.name, self.workers)

    def pool(self):
        """The one that the works with warm workers share."""
        if self.shared is None:
            self.shared = self.new_pool()
        return self.shared

    def close(self):
        """Before another pool: its workers would be forked beside the threads of this one."""
        if self.shared is not None:
            self.shared.shutdown()
            self.shared = None

    def round_trip(self, seconds):
        pool = self.pool()
        begin = clock()
        count = 0
        while clock() - begin < float(seconds):
            pool.submit(one).result()
            count += 1
        return (clock() - begin) / count

    def at_once(self, tasks):
        pool = self.pool()
        begin = clock()
        for future in [pool.submit(one) for _ in range(int(tasks))]:
            future.result()
        return int(tasks) / (clock() - begin)

    def lists(self, length, in_flight, seconds):
        return self.echoes(random.choices(range(500_000), k=int(length)), in_flight, seconds)

    def payload(self, size, in_flight, seconds):
        return self.echoes(bytes(int(size)), in_flight, seconds)

    def echoes(self, value, in_flight, seconds):
        pool = self.pool()
        waiting = collections.deque()
        begin = clock()
        count = 0
        while True:
            goes_on = clock() - begin < float(seconds)
            if goes_on and len(waiting) < int(in_flight):
                waiting.append(pool.submit(echo, value))
            elif waiting:
                assert len(waiting.popleft().result()) == len(value)
                count += 1
            else:
                return count / (clock() - begin)

    def first_result(self):
        self.close()
        begin = clock()
        with self.new_pool() as pool:
            pool.submit(one).result()
            return clock() - begin

    def sort(self, lists):
        self.close()
        unsorted = [random.choices(range(500_000), k=30_000) for _ in range(int(lists))]
        begin = clock()
        with self.new_pool() as pool:
            futures = [pool.submit(merge_sort, items) for items in unsorted]
        elapsed = clock() - begin
        assert [future.result() for future in futures] == [sorted(items) for items in unsorted]
        return len(unsorted) / elapsed

    def memory(self):
        self.close()
        with self.new_pool() as pool:
            worker = pool.submit(os.getpid).result()
            kib = subprocess.check_output(["ps", "-o", "rss=", "-p", str(worker)])
            return int(kib) * 1024

    def answer(self, request):
        work, *arguments = request
        print("=", getattr(self, work.replace("-", "_"))(*arguments), flush=True)


def version(name):
    if name == "loky":
        return loky().__version__
    if name == "ray":
        import ray

        return ray.__version__ + ", CPython " + platform.python_version()
    return platform.python_version()


def main(name, workers):
    works = Works(name, int(workers))
    print("=", version(name), flush=True)
    for line in sys.stdin:
        works.answer(line.split())
    works.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

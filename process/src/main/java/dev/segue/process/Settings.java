package dev.segue.process;

import dev.segue.futures.PoolInstrument;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.WhenFull;
import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a pool, as {@link ProcessPoolExecutor.Builder} describes them. */
record Settings(
    int maxWorkers,
    int maxTasksPerWorker,
    @Nullable Duration taskTimeout,
    Duration cancelGrace,
    Duration startTimeout,
    @Nullable Duration idleTimeout,
    @Nullable SerializableRunnable initializer,
    long workerHeap,
    List<String> jvmArgs,
    @Nullable List<Path> classPath,
    Map<String, @Nullable String> environment,
    List<String> systemProperties,
    @Nullable Path workingDirectory,
    int queueTasks,
    long queueBytes,
    WhenFull whenFull,
    @Nullable ObjectInputFilter filter,
    Appendable output,
    Appendable errors,
    PoolInstrument instrument) {}

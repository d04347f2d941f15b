package dev.shardstream.standalone.cluster;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.DataDirectory;
import dev.shardstream.standalone.process.Installation;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.Lifetime;
import dev.shardstream.standalone.process.ProcessContext;
import dev.shardstream.standalone.process.PropertiesFile;
import dev.shardstream.standalone.process.RegistryProcess;
import dev.shardstream.standalone.process.StreamsProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A whole Shardstream on this machine: broker, registry, control plane and workers, each a process
 * that may be killed and started again alone.
 *
 * <p>While it is open nobody else can start or stop processes of the same directory. One thread
 * uses it; only {@link #close} may be called from any.
 */
public final class Cluster implements AutoCloseable {
  private final ClusterOptions options;
  private final ProcessContext context;
  private final DirectoryLock lock;
  private final StartListener listener;
  private final Thread closer = new Thread(this::close, "cluster-closer");

  private ClusterProcesses processes;
  private boolean closed;

  private Cluster(
      ClusterOptions options,
      ProcessContext context,
      DirectoryLock lock,
      StartListener listener,
      ClusterPlan plan) {
    this.options = options;
    this.context = context;
    this.lock = lock;
    this.listener = listener;
    this.processes = ClusterProcesses.of(plan, context, options);
  }

  /** {@link #start(ClusterOptions, StartListener)}, silently. */
  public static Cluster start(ClusterOptions options) {
    return start(options, StartListener.SILENT);
  }

  /**
   * Starts what does not run yet and waits until everything is ready. If that fails, what this call
   * started is ended again.
   *
   * @throws ShardstreamException DATA_DIRECTORY_IN_USE if another process owns the directory;
   *     START_FAILED naming the process and its log; INVALID_ARGUMENT if nodes were to be taken
   *     away; INVALID_CONFIG; FILE_ERROR
   */
  public static Cluster start(ClusterOptions options, StartListener listener) {
    DataDirectory directory = new DataDirectory(options.directory());
    DirectoryLock lock = DirectoryLock.take(directory);
    Cluster cluster;
    try {
      cluster = prepared(options, listener, directory, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    cluster.begin();
    return cluster;
  }

  private static Cluster prepared(
      ClusterOptions options, StartListener listener, DataDirectory directory, DirectoryLock lock) {
    if (options.lifetime() == Lifetime.WITH_PARENT) {
      refuseIfAlive(directory);
    }
    ProcessContext context =
        new ProcessContext(
            Installation.current(), directory, options.lifetime(), options.sites().center());
    ClusterPlan plan = Planning.settle(directory, options);
    return new Cluster(options, context, lock, listener, plan);
  }

  /**
   * Ends whatever runs in the directory, also when another program started it. Does nothing if
   * nothing runs.
   *
   * @throws ShardstreamException DATA_DIRECTORY_IN_USE if a living program owns the cluster;
   *     NOT_RUNNING if there never was one
   */
  public static void stop(Path root, StopListener listener) {
    DataDirectory directory = new DataDirectory(root);
    ClusterProcesses processes = known(directory);
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      processes.stop(listener);
      removeClientProperties(directory);
    } finally {
      lock.close();
    }
  }

  /**
   * The processes of the directory in the order of their start, whether they run or not.
   *
   * @throws ShardstreamException NOT_RUNNING if there never was a cluster
   */
  public static List<JavaProcess> processesIn(Path root) {
    return known(new DataDirectory(root)).all();
  }

  private static ClusterProcesses known(DataDirectory directory) {
    ClusterPlan plan =
        ClusterPlan.load(directory)
            .orElseThrow(() -> new ShardstreamException(ErrorCode.NOT_RUNNING, directory.root()));
    ProcessContext context =
        new ProcessContext(Installation.current(), directory, Lifetime.DETACHED);
    return ClusterProcesses.of(plan, context, ClusterOptions.in(directory.root()));
  }

  private static void refuseIfAlive(DataDirectory directory) {
    boolean alive =
        ClusterPlan.load(directory).stream()
            .flatMap(ClusterPlan::processes)
            .anyMatch(name -> JavaProcess.isAlive(directory, name));
    if (alive) {
      throw new ShardstreamException(ErrorCode.DATA_DIRECTORY_IN_USE, directory.root());
    }
  }

  /** The first broker. */
  public BrokerProcess broker() {
    return processes.brokers().get(0);
  }

  /** All brokers, in the order of their numbers. */
  public List<BrokerProcess> brokers() {
    return processes.brokers();
  }

  public RegistryProcess registry() {
    return processes.registry();
  }

  /** The first control plane. */
  public StreamsProcess streams() {
    return processes.streams().get(0);
  }

  /** All control planes, in the order of their numbers. */
  public List<StreamsProcess> controlPlanes() {
    return processes.streams();
  }

  /** In the order of their numbers. */
  public List<WorkerProcess> workers() {
    return processes.workers();
  }

  /**
   * @param number from 1
   */
  public WorkerProcess worker(int number) {
    return workers().get(number - 1);
  }

  /** All of them, in the order of their start. */
  public List<JavaProcess> processes() {
    return processes.all();
  }

  /** The directory of its data. */
  public DataDirectory directory() {
    return context.directory();
  }

  /** The file that clients read to connect. */
  public Path clientConfig() {
    return directory().clientProperties();
  }

  /** The content of {@link #clientConfig}. */
  public Map<String, String> clientSettings() {
    return processes.clientSettings();
  }

  /**
   * Starts one more worker and waits until it is ready.
   *
   * @return the worker
   */
  public WorkerProcess addWorker() {
    ClusterOptions more = options.withNodes(workers().size() + 1);
    processes = ClusterProcesses.of(Planning.settle(directory(), more), context, more);
    startStage(List.of(worker(workers().size())), new ArrayDeque<>());
    return worker(workers().size());
  }

  private void begin() {
    if (options.lifetime() == Lifetime.WITH_PARENT) {
      Runtime.getRuntime().addShutdownHook(closer);
    }
    Deque<JavaProcess> launched = new ArrayDeque<>();
    try {
      processes.stages().forEach(stage -> startStage(stage, launched));
      PropertiesFile.write(clientConfig(), clientSettings());
    } catch (RuntimeException e) {
      launched.forEach(JavaProcess::stop);
      close();
      throw e;
    }
  }

  /**
   * @param launched gets what was started here, the latest first
   */
  private void startStage(List<? extends JavaProcess> stage, Deque<JavaProcess> launched) {
    long begin = System.nanoTime();
    List<JavaProcess> fresh = new ArrayList<>();
    for (JavaProcess process : stage) {
      if (process.isAlive()) {
        listener.found(process);
      } else {
        listener.starting(process);
        launch(process);
        fresh.add(process);
        launched.push(process);
      }
    }
    for (JavaProcess process : stage) {
      process.awaitReady();
      if (fresh.contains(process)) {
        listener.ready(process, Duration.ofNanos(System.nanoTime() - begin));
      }
    }
  }

  /** Nothing is started behind the back of a close that runs in another thread. */
  private synchronized void launch(JavaProcess process) {
    if (closed) {
      throw new IllegalStateException("the cluster is being closed");
    }
    process.launch();
  }

  /**
   * Ends the processes if they are to end with this JVM, and gives the directory back. Closing
   * twice is closing once.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (options.lifetime() == Lifetime.WITH_PARENT) {
      processes.stop(StopListener.SILENT);
      removeClientProperties(directory());
    }
    lock.close();
    forgetHook();
  }

  private void forgetHook() {
    // Within the hook itself the JVM refuses to forget it, and need not.
    if (Thread.currentThread() != closer && options.lifetime() == Lifetime.WITH_PARENT) {
      Runtime.getRuntime().removeShutdownHook(closer);
    }
  }

  private static void removeClientProperties(DataDirectory directory) {
    try {
      Files.deleteIfExists(directory.clientProperties());
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, directory.clientProperties(), e)
          .causedBy(e);
    }
  }
}

package dev.shardstream.standalone.cluster;

import dev.shardstream.standalone.process.BrokerProcess;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.ProcessContext;
import dev.shardstream.standalone.process.Quorum;
import dev.shardstream.standalone.process.RegistryProcess;
import dev.shardstream.standalone.process.StreamsProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The processes of a plan, whether they run or not. */
record ClusterProcesses(
    List<BrokerProcess> brokers,
    RegistryProcess registry,
    List<StreamsProcess> streams,
    List<WorkerProcess> workers,
    Map<String, String> clientSettings) {

  static ClusterProcesses of(ClusterPlan plan, ProcessContext context, ClusterOptions options) {
    Quorum quorum =
        new Quorum(
            IntStream.rangeClosed(1, plan.brokers())
                .mapToObj(
                    number ->
                        new Quorum.Member(
                            context.site().host(),
                            plan.port(BrokerProcess.name(number)),
                            plan.port(ClusterPlan.controller(number))))
                .toList());
    List<BrokerProcess> brokers =
        IntStream.rangeClosed(1, plan.brokers())
            .mapToObj(number -> new BrokerProcess(context, number, quorum))
            .toList();
    RegistryProcess registry = new RegistryProcess(context, plan.port(RegistryProcess.NAME));
    Map<String, String> shared =
        Map.of(
            "cluster.name", plan.clusterName(),
            "bootstrap.servers", quorum.bootstrapServers(),
            "schema.registry.url", registry.url());
    List<StreamsProcess> streams =
        IntStream.rangeClosed(1, plan.streams())
            .mapToObj(
                number ->
                    new StreamsProcess(
                        context,
                        number,
                        plan.port(StreamsProcess.name(number)),
                        with(shared, streamsSettings(plan, options))))
            .toList();
    List<WorkerProcess> workers =
        IntStream.rangeClosed(1, plan.nodes())
            .mapToObj(
                number ->
                    new WorkerProcess(
                        context.at(options.sites().worker(number)),
                        number,
                        plan.port(WorkerProcess.nodeId(number)),
                        with(shared, options.workerSettings())))
            .toList();
    return new ClusterProcesses(
        brokers,
        registry,
        streams,
        workers,
        with(shared, Map.of("streams.url", streams.get(0).url())));
  }

  /** Each keeps a copy of what another one works with, so that it takes over at once. */
  private static Map<String, String> streamsSettings(ClusterPlan plan, ClusterOptions options) {
    return plan.streams() == 1
        ? options.streamsSettings()
        : with(Map.of("num.standby.replicas", "1"), options.streamsSettings());
  }

  private static Map<String, String> with(Map<String, String> shared, Map<String, String> own) {
    Map<String, String> all = new TreeMap<>(shared);
    all.putAll(own);
    return all;
  }

  /**
   * In the order of their start. Each stage needs the ones before it to be ready, and those of one
   * stage need nothing of each other.
   */
  List<List<JavaProcess>> stages() {
    List<JavaProcess> first = new ArrayList<>(brokers);
    first.add(registry);
    return List.of(first, List.copyOf(streams), List.copyOf(workers));
  }

  List<JavaProcess> all() {
    return stages().stream().flatMap(List::stream).toList();
  }

  /** Ends what runs, stage by stage in reverse order, and tells of each. */
  void stop(StopListener listener) {
    List<List<JavaProcess>> stages = new ArrayList<>(stages());
    Collections.reverse(stages);
    stages.forEach(stage -> stopTogether(stage, listener));
  }

  private static void stopTogether(List<JavaProcess> stage, StopListener listener) {
    Map<JavaProcess, ProcessHandle> stopping = new LinkedHashMap<>();
    stage.forEach(
        process -> process.requestStop().ifPresent(handle -> stopping.put(process, handle)));
    stopping.forEach(
        (process, handle) -> listener.stopped(process, handle.pid(), process.awaitStopped(handle)));
  }
}

package dev.shardstream.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String[] CORE = {
    "dev.shardstream.streams.state..",
    "dev.shardstream.streams.namespace..",
    "dev.shardstream.streams.livequery..",
    "dev.shardstream.streams.order..",
    "dev.shardstream.streams.task..",
    "dev.shardstream.streams.command..",
    "dev.shardstream.streams.catalog..",
    "dev.shardstream.streams.placement..",
    "dev.shardstream.streams.reshard..",
    "dev.shardstream.streams.move..",
    "dev.shardstream.streams.coordinator..",
    "dev.shardstream.streams.replay..",
    "dev.shardstream.streams.view.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.shardstream.streams");

  @Test
  void the_core_knows_no_kafka_no_http_no_metrics_and_no_adapter() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "io.javalin..",
            "io.micrometer..",
            "java.sql..",
            "dev.shardstream.schemas.kafka..",
            "dev.shardstream.schemas.http..",
            "dev.shardstream.streams.topology..",
            "dev.shardstream.streams.provision..",
            "dev.shardstream.streams.http..",
            "dev.shardstream.streams.config..")
        .check(classes);
  }

  @Test
  void the_core_reads_no_clock_and_no_randomness() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.UUID")
        .check(classes);
  }
}

package dev.shardstream.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The client, the control plane and the data plane meet in topics and HTTP, never in code. */
@AnalyzeClasses(packages = "dev.shardstream", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundariesTest {
  @ArchTest
  static final ArchRule contracts_know_no_module =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.schemas..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.shardstream.producer..",
              "dev.shardstream.streams..",
              "dev.shardstream.worker..",
              "dev.shardstream.standalone..");

  @ArchTest
  static final ArchRule the_client_knows_the_contracts_only =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.producer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.shardstream.streams..",
              "dev.shardstream.worker..",
              "dev.shardstream.standalone..");

  @ArchTest
  static final ArchRule the_control_plane_knows_the_contracts_only =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.streams..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.shardstream.producer..",
              "dev.shardstream.worker..",
              "dev.shardstream.standalone..");

  @ArchTest
  static final ArchRule the_data_plane_knows_the_contracts_only =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.worker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.shardstream.producer..",
              "dev.shardstream.streams..",
              "dev.shardstream.standalone..");

  @ArchTest
  static final ArchRule the_workload_judges_from_outside =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.standalone.workload..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.shardstream.streams..", "dev.shardstream.worker..", "java.sql..");
}

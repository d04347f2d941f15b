package dev.shardstream.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.shardstream.worker",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule verify_shares_no_code_with_copy_and_apply =
      noClasses()
          .that()
          .resideInAPackage("..worker.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..worker.copy..", "..worker.apply..", "..worker.decide..");

  @ArchTest
  static final ArchRule copy_and_apply_share_no_code_with_verify =
      noClasses()
          .that()
          .resideInAnyPackage("..worker.copy..", "..worker.apply..", "..worker.decide..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..worker.verify..");

  @ArchTest
  static final ArchRule deciding_is_pure =
      noClasses()
          .that()
          .resideInAPackage("..worker.decide..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "java.sql..",
              "org.sqlite..",
              "java.net..",
              "io.javalin..",
              "java.time..",
              "java.util.concurrent..");

  @ArchTest
  static final ArchRule shard_files_know_no_kafka_client_and_no_http =
      noClasses()
          .that()
          .resideInAnyPackage("..worker.shard..", "..worker.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.javalin..", "java.net.http..");

  @ArchTest
  static final ArchRule http_knows_no_kafka =
      noClasses()
          .that()
          .resideInAPackage("..worker.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule modules_meet_in_topics_only =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.shardstream.producer..", "dev.shardstream.streams..");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.shardstream.worker.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule only_the_root_knows_everything =
      classes()
          .that()
          .resideInAPackage("dev.shardstream.worker")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAPackage("dev.shardstream.worker");
}

package dev.shardstream.producer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.shardstream.producer.query.HttpShardClient;

/** Who may know whom inside the client. What the planner may know: query.PureCoreTest. */
@AnalyzeClasses(
    packages = "dev.shardstream.producer",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {
  @ArchTest
  static final ArchRule the_grammar_knows_sql_and_its_own_errors_only =
      classes()
          .that()
          .resideInAPackage("dev.shardstream.producer.sql..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.shardstream.producer.sql..",
                  "dev.shardstream.schemas.contract..",
                  "org.antlr.v4.runtime..",
                  "org.jspecify..",
                  "java.lang..",
                  "java.util..",
                  "java.math..",
                  "java.nio.charset.."));

  @ArchTest
  static final ArchRule nobody_uses_the_command_line =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.shardstream.producer.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.shardstream.producer.cli..");

  @ArchTest
  static final ArchRule the_command_line_uses_no_kafka_and_no_database =
      noClasses()
          .that()
          .resideInAPackage("dev.shardstream.producer.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "java.sql..", "java.net.http..");

  @ArchTest
  static final ArchRule one_class_speaks_http =
      noClasses()
          .that()
          .areNotAssignableTo(HttpShardClient.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.net.http..");

  @ArchTest
  static final ArchRule only_reading_snapshots_and_the_replica_use_sqlite =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.shardstream.producer.query..",
              "dev.shardstream.producer.snapshot..",
              "dev.shardstream.producer.replica..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.sqlite..");

  @ArchTest
  static final ArchRule packages_know_each_other_in_one_direction =
      slices().matching("dev.shardstream.producer.(*)..").should().beFreeOfCycles();
}

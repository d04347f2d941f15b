package dev.shardstream.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.shardstream.schemas.serde.ConfluentRegistry;

@AnalyzeClasses(
    packages = "dev.shardstream.schemas",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule one_class_imports_the_registry_client =
      noClasses()
          .that()
          .doNotBelongToAnyOf(ConfluentRegistry.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule contracts_know_no_clients_no_http_and_no_jdbc =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..contract..", "..catalog..", "..row..", "..event..", "..http..", "..sqlite..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka.clients..",
              "org.apache.kafka.streams..",
              "java.net.http..",
              "io.javalin..",
              "java.sql..");

  @ArchTest
  static final ArchRule kafka_clients_are_made_in_one_package =
      noClasses()
          .that()
          .resideOutsideOfPackage("..kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.clients..");
}

package dev.shardstream.producer.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class PureCoreTest {
  @Test
  void planning_knows_no_kafka_http_or_jdbc() {
    JavaClasses classes =
        new ClassFileImporter()
            .importClasses(
                Planner.class,
                Plan.class,
                Plan.Direct.class,
                Plan.Gather.class,
                Plan.Gathered.class,
                Source.class,
                Pruning.class,
                Candidates.class,
                Comparison.class,
                ShardKeys.class,
                ShardKeys.Within.class,
                Pushable.class,
                Pushdown.class,
                PartialAggregates.class,
                Pieces.class,
                Query.class,
                ShardRead.class,
                Session.class);

    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "java.net..",
            "org.sqlite..",
            "org.apache.kafka..",
            "dev.shardstream.schemas.http..")
        .check(classes);
  }
}

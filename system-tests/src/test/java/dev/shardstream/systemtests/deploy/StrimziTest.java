package dev.shardstream.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Topics;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Strimzi's topics and users are those of the code. */
@EnabledIf(
    value = "dev.shardstream.systemtests.deploy.Kustomize#canRender",
    disabledReason = "kubectl, 1.21 or later, is not on the path (Debian: kubernetes-client)")
class StrimziTest {
  private static final Topics TOPICS = new Topics("shardstream");

  private final Rendered rendered = Overlays.one("production-strimzi");

  @Test
  void the_topics_are_those_that_the_processes_would_make() {
    assertThat(rendered.all(KafkaTopic.class).map(StrimziTest::asMadeByAProcess))
        .containsExactlyInAnyOrderElementsOf(TOPICS.control());
  }

  /** Copies are a matter of the Kafka cluster. */
  private static Topics.Spec asMadeByAProcess(KafkaTopic topic) {
    Map<String, String> config = new HashMap<>();
    topic.getSpec().getConfig().forEach((key, value) -> config.put(key, value.toString()));
    assertThat(topic.getSpec().getReplicas()).isEqualTo(3);
    assertThat(config.remove("min.insync.replicas")).isEqualTo("2");
    return new Topics.Spec(topic.getMetadata().getName(), topic.getSpec().getPartitions(), config);
  }

  @Test
  void no_user_is_granted_what_has_no_topic() {
    Set<String> literals =
        TOPICS.control().stream().map(Topics.Spec::name).collect(Collectors.toSet());
    Set<String> prefixes = Set.of("shardstream.", "shardstream.log.", "shardstream.streams-");
    rendered
        .all(KafkaUser.class)
        .flatMap(user -> rules(user).stream())
        .filter(rule -> rule.getResource() instanceof AclRuleTopicResource)
        .map(rule -> (AclRuleTopicResource) rule.getResource())
        .forEach(
            topic ->
                assertThat(
                        switch (topic.getPatternType()) {
                          case LITERAL -> literals;
                          case PREFIX -> prefixes;
                        })
                    .contains(topic.getName()));
  }

  private static List<AclRule> rules(KafkaUser user) {
    return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
  }
}

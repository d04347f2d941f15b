package dev.shardstream.systemtests.secure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rights of each user as the manifests for Strimzi give them. */
record Rights(Map<String, List<AclBinding>> byUser) {

  /**
   * @param users the manifest of the users
   */
  static Rights read(Path users) throws IOException {
    Map<String, List<AclBinding>> byUser = new LinkedHashMap<>();
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    try (MappingIterator<JsonNode> documents =
        yaml.readerFor(JsonNode.class).readValues(users.toFile())) {
      while (documents.hasNext()) {
        JsonNode user = documents.next();
        String name = user.at("/metadata/name").asText();
        List<AclBinding> rights = new ArrayList<>();
        user.at("/spec/authorization/acls").forEach(rule -> rights.addAll(rules(name, rule)));
        byUser.put(name, rights);
      }
    }
    return new Rights(byUser);
  }

  private static List<AclBinding> rules(String user, JsonNode rule) {
    JsonNode resource = rule.path("resource");
    ResourcePattern pattern =
        new ResourcePattern(
            resource.path("type").asText().equals("transactionalId")
                ? ResourceType.TRANSACTIONAL_ID
                : ResourceType.valueOf(upper(resource.path("type"))),
            resource.path("name").asText(),
            resource.path("patternType").asText("literal").equals("prefix")
                ? PatternType.PREFIXED
                : PatternType.LITERAL);
    AclPermissionType permission =
        rule.path("type").asText("allow").equals("deny")
            ? AclPermissionType.DENY
            : AclPermissionType.ALLOW;
    List<AclBinding> rules = new ArrayList<>();
    for (JsonNode operation : rule.path("operations")) {
      rules.add(
          new AclBinding(
              pattern,
              new AccessControlEntry(
                  "User:" + user, "*", AclOperation.valueOf(upper(operation)), permission)));
    }
    return rules;
  }

  private static String upper(JsonNode word) {
    return word.asText().toUpperCase(Locale.ROOT);
  }

  /** All of them. */
  List<AclBinding> all() {
    return byUser.values().stream().flatMap(List::stream).toList();
  }
}

package dev.shardstream.systemtests.deploy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables that the first pod of a workload would find in its environment. */
final class Environment {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z0-9_]+)\\)");

  private Environment() {}

  static Map<String, String> of(Rendered rendered, Workload workload, Container container) {
    Map<String, String> own = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      own.put(
          variable.getName(),
          variable.getValueFrom() == null
              ? expanded(variable.getValue(), own)
              : looked(variable.getValueFrom(), rendered, workload));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      if (source.getConfigMapRef() != null) {
        ConfigMap map = rendered.one(ConfigMap.class, source.getConfigMapRef().getName());
        variables.putAll(map.getData());
      }
    }
    variables.putAll(own);
    return variables;
  }

  /** A variable knows those that stand before it in the same list, and no others. */
  private static String expanded(String value, Map<String, String> before) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            reference ->
                Matcher.quoteReplacement(
                    before.getOrDefault(reference.group(1), reference.group())));
  }

  private static String looked(EnvVarSource source, Rendered rendered, Workload workload) {
    if (source.getSecretKeyRef() != null) {
      return "secret";
    }
    ConfigMapKeySelector entry = source.getConfigMapKeyRef();
    if (entry != null) {
      return Objects.requireNonNull(
          rendered.one(ConfigMap.class, entry.getName()).getData().get(entry.getKey()),
          entry.getKey());
    }
    return switch (source.getFieldRef().getFieldPath()) {
      case "metadata.name" -> workload.name() + "-0";
      case "metadata.namespace" -> "the-namespace";
      default -> throw new IllegalArgumentException("unexpected " + source);
    };
  }
}

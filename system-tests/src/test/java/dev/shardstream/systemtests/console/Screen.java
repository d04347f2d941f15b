package dev.shardstream.systemtests.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.systemtests.cluster.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/**
 * The console as a person has it before them: things have names, as a screen reader says them, and
 * come when they come. Where {@code shardstream.tests.pictures} names a directory, pictures are
 * left there.
 */
final class Screen {
  private static final Duration LIMIT = Patience.ONE_STEP;

  /** Longer than the console waits for the outcome of a command. */
  private static final Duration ONE_ANSWER = Duration.ofSeconds(20);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int MOST_TABS = 80;
  private static final String PICTURES = "shardstream.tests.pictures";

  private final ChromeDriver driver;

  Screen(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Opens a page, and waits until it shows what it is about. */
  void open(String url) {
    driver.get(url);
    awaitLoaded();
  }

  /** Goes to another view of the page that is open. */
  void go(String hash) {
    driver.executeScript("location.hash = arguments[0]", hash);
    awaitLoaded();
  }

  void awaitLoaded() {
    until(
        "the page is there",
        "return document.querySelector('main h1') !== null"
            + " && !document.querySelector('main').textContent.includes('Loading')"
            + " && document.querySelector('#link .live') !== null");
  }

  /** Waits for a script to return true. */
  void until(String what, String script) {
    await(what)
        .atMost(LIMIT)
        .pollInterval(BETWEEN_LOOKS)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> is(script));
  }

  boolean is(String script) {
    return Boolean.TRUE.equals(driver.executeScript(script));
  }

  /** Waits until what a selector finds first has a text of that kind; returns it. */
  String text(String selector, Predicate<String> wanted) {
    return text(selector, wanted, LIMIT);
  }

  private String text(String selector, Predicate<String> wanted, Duration limit) {
    return await("'" + selector + "' says it")
        .atMost(limit)
        .pollInterval(BETWEEN_LOOKS)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> driver.findElement(By.cssSelector(selector)).getText(), wanted::test);
  }

  /** Does what brings a text of that kind, and again while the answer is late or another one. */
  void ask(Runnable question, String selector, Predicate<String> wanted) {
    await("'" + selector + "' answers")
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(ConditionTimeoutException.class)
        .until(
            () -> {
              question.run();
              return text(selector, wanted, ONE_ANSWER);
            },
            answer -> true);
  }

  /** Waits for what has that role and that name; in the open dialog if there is one. */
  WebElement named(String role, String name) {
    return await(role + " '" + name + "'")
        .atMost(LIMIT)
        .pollInterval(BETWEEN_LOOKS)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(
            () ->
                driver
                    .findElements(
                        By.cssSelector(
                            hasDialog() ? "dialog, dialog *" : "a, button, input, select"))
                    .stream()
                    .filter(e -> e.getAriaRole().equals(role) && e.getAccessibleName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new WebDriverException("not there yet")),
            found -> true);
  }

  boolean hasDialog() {
    return is("return document.querySelector('dialog[open]') !== null");
  }

  void awaitNoDialog() {
    await("the dialog is closed")
        .atMost(LIMIT)
        .pollInterval(BETWEEN_LOOKS)
        .until(
            () -> {
              String problem =
                  (String)
                      driver.executeScript(
                          "return document.querySelector('dialog .problem')?.textContent ?? ''");
              assertThat(problem).as("what the dialog complains of").isEmpty();
              return !hasDialog();
            });
  }

  /** Clicks a button as soon as it is there and can be clicked. */
  void click(String button) {
    await("a click on '" + button + "'")
        .atMost(LIMIT)
        .pollInterval(BETWEEN_LOOKS)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(
            () -> {
              WebElement found = named("button", button);
              if (!found.isEnabled()) {
                return false;
              }
              found.click();
              return true;
            });
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Goes on with the tabulator until that is in focus. */
  void tabTo(String name) {
    List<String> passed = new ArrayList<>();
    for (int presses = 0; presses < MOST_TABS; presses++) {
      press(Keys.TAB);
      passed.add(focused());
      if (passed.get(presses).equals(name)) {
        return;
      }
    }
    throw new AssertionError("the tabulator does not come to '" + name + "', but to " + passed);
  }

  /** Name of what is in focus. */
  String focused() {
    return driver.switchTo().activeElement().getAccessibleName();
  }

  /** What a screen reader is told: {@code role name} of everything on the page. */
  List<String> spoken() {
    List<String> spoken = new ArrayList<>();
    Map<String, Object> tree = driver.executeCdpCommand("Accessibility.getFullAXTree", Map.of());
    for (Object node : (List<?>) tree.get("nodes")) {
      Map<?, ?> fields = (Map<?, ?>) node;
      if (!Boolean.TRUE.equals(fields.get("ignored"))) {
        spoken.add((value(fields.get("role")) + " " + value(fields.get("name"))).strip());
      }
    }
    return spoken;
  }

  private static String value(Object of) {
    Object value = of instanceof Map<?, ?> fields ? fields.get("value") : null;
    return value == null ? "" : value.toString();
  }

  /** A window of that size, light or dark. */
  void look(int width, int height, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Leaves a picture, where pictures are wanted. */
  void picture(String name) {
    String directory = System.getProperty(PICTURES, "");
    if (!directory.isEmpty()) {
      try {
        Files.write(
            Files.createDirectories(Path.of(directory)).resolve(name + ".png"),
            driver.getScreenshotAs(OutputType.BYTES));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Part of the address behind {@code #}. */
  String place() {
    return String.valueOf(driver.executeScript("return location.hash"));
  }
}

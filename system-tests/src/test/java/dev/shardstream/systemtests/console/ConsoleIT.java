package dev.shardstream.systemtests.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/** The console in Chromium over a cluster. Each test has a database of its own. */
class ConsoleIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final List<String> VIEWS =
      List.of("#/tables", "#/reshards", "#/lag", "#/ddl", "#/nodes");

  /** What nobody can use who is not told its name. */
  private static final Set<String> NAMED =
      Set.of(
          "button",
          "link",
          "textbox",
          "spinbutton",
          "combobox",
          "checkbox",
          "progressbar",
          "image",
          "dialog",
          "navigation",
          "heading",
          "columnheader",
          "rowheader");

  private static final String CARD = "article.reshard";
  private static final String KEPT = "It has switched. The old shards are kept";

  private static @Nullable ChromeDriver browser;

  @BeforeAll
  static void start() {
    browser = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
  }

  private final Screen screen = new Screen(browser());

  private static ChromeDriver browser() {
    ChromeDriver started = browser;
    if (started == null) {
      throw new IllegalStateException("the browser runs only during the tests");
    }
    return started;
  }

  @BeforeEach
  void an_ordinary_window() {
    screen.look(1280, 1250, false);
  }

  private static void table(String database, String name, int shards, int rows) {
    Shardstream client = CLUSTER.client();
    client.execute("CREATE NAMESPACE " + database);
    client.execute(
        "CREATE TABLE %s.%s (id BIGINT PRIMARY KEY, customer BIGINT NOT NULL, note TEXT) WITH (SHARDS=%d)"
            .formatted(database, name, shards));
    for (int from = 0; from < rows; from += 500) {
      StringBuilder values = new StringBuilder();
      for (int id = from; id < Math.min(rows, from + 500); id++) {
        values.append(id == from ? "" : ", ").append("(%d, %d, 'note')".formatted(id, id % 97));
      }
      client.execute("INSERT INTO %s.%s VALUES %s".formatted(database, name, values));
    }
  }

  private static String url(String database, String hash) {
    return CLUSTER.cluster().streams().url() + "/?database=" + database + hash;
  }

  /** Node of each active shard. */
  private static Map<Integer, String> places(String table) {
    return CLUSTER.client().tables().describe(table).shards().stream()
        .filter(shard -> shard.status().equals("active"))
        .collect(
            Collectors.toMap(
                shard -> shard.id(), shard -> shard.nodeId(), (a, b) -> a, TreeMap::new));
  }

  /** The page may have heard of it before the client has. */
  private static void awaitPlaces(String table, Consumer<Map<Integer, String>> asserted) {
    await("places of " + table)
        .atMost(Patience.ONE_STEP)
        .untilAsserted(() -> asserted.accept(places(table)));
  }

  @Test
  void a_reshard_is_started_watched_and_rolled_back_by_clicking() {
    table("seen", "orders", 2, 2_000);
    screen.open(url("seen", "#/tables/orders"));
    screen.click("Reshard …");
    assertThat(screen.named("spinbutton", "Shards").getAttribute("value")).isEqualTo("4");
    screen.named("spinbutton", "Keep the old shards for (seconds)").sendKeys("600");
    screen.ask(
        () -> screen.click("Show the plan"),
        "dialog .plan",
        text -> text.contains("from 2 shards to 4 shards on 2 nodes"));
    screen.click("Start");

    screen.awaitNoDialog();
    screen.text(CARD, text -> text.contains("2 → 4 shards"));
    screen.text(CARD, text -> text.contains(KEPT) && text.contains("256 digests, all equal"));
    assertThat(browser().findElement(By.cssSelector(CARD + " [aria-current=step]")).getText())
        .startsWith("switching");
    screen.picture("console-reshards");
    pictures();
    awaitPlaces("seen.orders", places -> assertThat(places).containsOnlyKeys(2, 3, 4, 5));

    screen.go("#/reshards");
    screen.click("Roll back");
    screen.named("button", "Keep as it is").click();
    screen.awaitNoDialog();
    screen.click("Roll back");
    confirm("Roll back");
    screen.text(CARD, text -> text.contains("It was rolled back."));
    awaitPlaces("seen.orders", places -> assertThat(places).containsOnlyKeys(0, 1));
    screen.click("Complete");
    confirm("Complete");
    screen.until(
        "it has ended",
        "return document.querySelector('article.reshard').dataset.status === 'rolled_back'");
    assertThat(screen.spoken()).contains("StaticText Reshard of orders: rolled back");
    assertThat(CLUSTER.client().execute("SELECT count(*) FROM seen.orders").rows())
        .isEqualTo(List.of(List.of(2_000L)));
  }

  /** The pictures of docs/console.md. */
  private void pictures() {
    screen.go("#/tables/orders");
    screen.picture("console-table");
    screen.look(1280, 1250, true);
    screen.picture("console-table-dark");
    screen.look(390, 1400, false);
    screen.picture("console-table-phone");
    screen.look(1280, 1250, false);
  }

  /** It asks for its plan once, so another plan needs another dialog. */
  private void openRebalance() {
    if (screen.hasDialog()) {
      screen.click("Keep as it is");
      screen.until("it is closed", "return document.querySelector('dialog') === null");
    }
    screen.click("Rebalance …");
  }

  private void confirm(String verb) {
    screen.text("dialog h2", text -> text.startsWith(verb));
    screen.click(verb);
    screen.awaitNoDialog();
  }

  @Test
  void a_shard_is_moved_and_a_node_rebalanced_and_drained_by_clicking() {
    table("moved", "items", 2, 100);
    Map<Integer, String> before = places("moved.items");
    String from = before.get(0);
    String to = before.get(1);
    screen.open(url("moved", "#/tables/items"));
    screen.click("Move a shard …");
    new Select(screen.named("combobox", "Shard")).selectByVisibleText("shard 0 on " + from);
    new Select(screen.named("combobox", "To node")).selectByVisibleText(to);
    screen.click("Move");
    screen.awaitNoDialog();
    screen.until(
        "the move is over",
        "return document.querySelector('article.reshard')?.dataset.status === 'complete'");
    awaitPlaces("moved.items", places -> assertThat(places).isEqualTo(Map.of(1, to, 2, to)));

    screen.go("#/nodes");
    screen.ask(
        this::openRebalance,
        "dialog .plan",
        text -> text.matches("1 move: items [12] to node '" + from + "'"));
    screen.click("Start");
    screen.awaitNoDialog();
    screen.text("li.card", text -> text.contains("REBALANCE") && text.startsWith("applied"));
    awaitPlaces(
        "moved.items", places -> assertThat(places.values()).containsExactlyInAnyOrder(from, to));

    screen.go("#/nodes");
    screen.click("Drain " + from);
    confirm("Drain");
    screen.text("li.card", text -> text.contains("DRAIN_NODE") && text.startsWith("applied"));
    awaitPlaces("moved.items", places -> assertThat(places.values()).containsOnly(to));

    screen.go("#/nodes");
    screen.click("Undrain " + from);
    confirm("Undrain");
    screen.text("li.card", text -> text.contains("UNDRAIN_NODE") && text.startsWith("applied"));
  }

  @Test
  void all_of_a_reshard_is_done_with_the_keyboard_alone() {
    table("typed", "letters", 1, 100);
    screen.open(url("typed", "#/tables"));
    screen.press(Keys.TAB);
    assertThat(screen.focused()).isEqualTo("Skip to content");
    screen.tabTo("letters");
    screen.press(Keys.ENTER);
    screen.text("main h1", text -> text.equals("letters"));
    screen.awaitLoaded();
    screen.tabTo("Reshard …");
    screen.press(Keys.ENTER);
    screen.named("dialog", "Reshard letters");
    assertThat(screen.focused()).isEqualTo("Shards");
    screen.press(Keys.END, Keys.BACK_SPACE, "3");
    screen.tabTo("Wait for my word before the switch");
    screen.press(Keys.SPACE);
    screen.tabTo("Start");
    screen.press(Keys.ENTER);
    screen.awaitNoDialog();

    screen.text(CARD, text -> text.contains("1 → 3 shards"));
    screen.text(
        CARD, text -> text.contains("Both sides are equal. It waits to be told to switch."));
    screen.tabTo("Cancel");
    screen.press(Keys.ENTER);
    screen.named("button", "Keep as it is");
    screen.press(Keys.ESCAPE);
    screen.awaitNoDialog();
    assertThat(screen.focused()).isEqualTo("Cancel");
    screen.press(Keys.ENTER);
    screen.named("button", "Keep as it is");
    screen.tabTo("Cancel");
    screen.press(Keys.ENTER);
    screen.awaitNoDialog();
    screen.until(
        "it is cancelled",
        "return document.querySelector('article.reshard').dataset.status === 'cancelled'");
    awaitPlaces("typed.letters", places -> assertThat(places).containsOnlyKeys(0));
  }

  @Test
  void everything_has_a_name_and_the_page_its_landmarks_for_those_who_do_not_see_it() {
    table("heard", "words", 2, 10);
    screen.open(url("heard", "#/tables/words"));
    assertThat(nameless()).isEmpty();
    assertThat(screen.spoken())
        .contains(
            "main",
            "navigation Views",
            "combobox Database",
            "heading words",
            "table Shards of words")
        .anyMatch(
            node -> node.startsWith("image Now: 2 shards: shard 0 on ") && node.contains("0–127"));
    screen.click("Reshard …");
    screen.named("dialog", "Reshard words");
    assertThat(nameless()).isEmpty();
    screen.press(Keys.ESCAPE);
    screen.awaitNoDialog();
    for (String view : VIEWS) {
      screen.go(view);
      assertThat(nameless()).as(view).isEmpty();
    }
  }

  private List<String> nameless() {
    return screen.spoken().stream().filter(NAMED::contains).toList();
  }

  @Test
  void a_phone_in_the_dark_shows_all_of_it() {
    table("small", "orders_with_a_name_that_is_longer_than_a_line", 2, 10);
    screen.look(360, 740, true);
    screen.open(url("small", "#/tables/orders_with_a_name_that_is_longer_than_a_line"));
    fits("a table");
    for (String view : VIEWS) {
      screen.go(view);
      fits(view);
    }
    assertThat(light("background-color")).isLessThan(60);
    assertThat(light("color")).isGreaterThan(180);
    screen.look(360, 740, false);
    assertThat(light("background-color")).isGreaterThan(180);
    assertThat(light("color")).isLessThan(60);
  }

  @Test
  void every_database_can_be_chosen_whatever_partition_keeps_it() {
    List<String> databases = List.of("chosen_a", "chosen_b", "chosen_c", "chosen_d", "chosen_e");
    for (String database : databases) {
      CLUSTER.client().execute("CREATE NAMESPACE " + database);
    }
    await("all of them are offered")
        .atMost(Patience.ONE_STEP)
        .untilAsserted(
            () -> {
              screen.open(url("chosen_a", "#/tables"));
              assertThat(new Select(screen.named("combobox", "Database")).getOptions())
                  .extracting(WebElement::getText)
                  .containsAll(databases);
            });
    new Select(screen.named("combobox", "Database")).selectByVisibleText("chosen_e");
    screen.text(".empty", text -> text.startsWith("No tables yet."));
  }

  private void fits(String view) {
    assertThat(screen.is("return document.documentElement.scrollWidth <= innerWidth"))
        .as(view + " is no wider than the window")
        .isTrue();
  }

  /** How light a colour of the page is, 0 to 255. */
  private static double light(String property) {
    String script =
        "const canvas = new OffscreenCanvas(1, 1).getContext('2d');"
            + "canvas.fillStyle = getComputedStyle(document.body).getPropertyValue(arguments[0]);"
            + "canvas.fillRect(0, 0, 1, 1);"
            + "const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;"
            + "return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.0";
    return ((Number) browser().executeScript(script, property)).doubleValue();
  }

  @Test
  void a_token_is_asked_for_until_it_is_the_right_one(@TempDir Path directory) throws Exception {
    try (ClosedConsole closed = new ClosedConsole(directory, "shs_right")) {
      browser().get(closed.url());
      screen.named("textbox", "Token").sendKeys("shs_wrong", Keys.ENTER);
      screen.until(
          "the wrong one is not taken",
          "return document.querySelector('dialog[open] input')?.value === ''");
      screen.named("textbox", "Token").sendKeys("shs_right", Keys.ENTER);

      screen.until("it is live", "return document.querySelector('#link .live') !== null");
      screen.text(".notice[role=alert]", text -> text.contains("it is starting"));
      assertThat(screen.hasDialog()).isFalse();
    }
  }
}

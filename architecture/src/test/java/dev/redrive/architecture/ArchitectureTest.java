package dev.redrive.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.redrive.ProviderFactory;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.FakeProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.http.DELETE;
import retrofit2.http.GET;
import retrofit2.http.PATCH;
import retrofit2.http.POST;
import retrofit2.http.PUT;

/** Which module may know which, what users get to see, and where time comes from. */
public class ArchitectureTest {
  private static final String CORE = "dev.redrive";
  private static final String HTTP = "dev.redrive.http";
  private static final String RECOVERY = "dev.redrive.recovery..";
  private static final String LEDGER_JDBC = "dev.redrive.ledger.jdbc..";
  private static final String SPRING = "dev.redrive.spring";
  private static final String SPRING_BOOT_3 = "dev.redrive.spring.boot3";
  private static final String SPRING_BOOT_4 = "dev.redrive.spring.boot4";
  private static final String DB_SCHEDULER = "dev.redrive.dbscheduler..";
  private static final String MICROMETER = "dev.redrive.micrometer..";
  private static final String TESTKIT = "dev.redrive.testkit";
  private static final String CONTRACT = "dev.redrive.testkit.contract";
  private static final String CLI = "dev.redrive.cli..";
  private static final String DEMO = "dev.redrive.demo..";

  /** The packages of all that register a factory. */
  private static final List<String> PROVIDERS =
      ProviderFactory.all().stream().map(factory -> factory.getClass().getPackageName()).toList();

  private static final Set<String> HTTP_METHODS =
      Stream.of(GET.class, POST.class, PUT.class, PATCH.class, DELETE.class)
          .map(Class::getName)
          .collect(Collectors.toSet());

  private static final List<Layer> LAYERS =
      Stream.concat(
              PROVIDERS.stream().map(provider -> layer(provider, CORE, HTTP)),
              Stream.of(
                  layer(CORE),
                  layer(HTTP, CORE),
                  layer(RECOVERY, CORE),
                  layer(LEDGER_JDBC, CORE, RECOVERY),
                  // They find providers by their factories.
                  layer(SPRING, CORE, RECOVERY, LEDGER_JDBC, DB_SCHEDULER, MICROMETER),
                  layer(SPRING_BOOT_3, SPRING),
                  layer(SPRING_BOOT_4, SPRING),
                  layer(DB_SCHEDULER, CORE, RECOVERY),
                  layer(MICROMETER, CORE, RECOVERY),
                  layer(TESTKIT, CORE, HTTP),
                  layer(CONTRACT, CORE, HTTP, TESTKIT),
                  // It finds providers by their factories.
                  layer(CLI, CORE, RECOVERY, LEDGER_JDBC),
                  layer(DEMO, CORE, RECOVERY, LEDGER_JDBC, CLI, TESTKIT)))
          .toList();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.redrive")
          .that(not(simpleName("package-info")));

  @Test
  void everyClass_isInAPackageWithARule() {
    classes()
        .should()
        .resideInAnyPackage(LAYERS.stream().map(Layer::name).toArray(String[]::new))
        .because("a provider registers a factory, and any other package needs a line in LAYERS")
        .check(CLASSES);
  }

  @ParameterizedTest
  @FieldSource("LAYERS")
  void aLayer_knowsOnlyWhatItMay(Layer layer) {
    String[] known =
        Stream.concat(Stream.of(layer.name()), layer.knows().stream()).toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(layer.name())
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.redrive..")).or(resideInAnyPackage(known)))
        .check(CLASSES);
  }

  @Test
  void theDemo_knowsNoFakeByName() {
    noClasses()
        .that()
        .resideInAPackage(DEMO)
        .should()
        .dependOnClassesThat(
            describe(
                "are the fake of one provider",
                type ->
                    type.isAssignableTo(FakeProvider.class)
                        && !type.isEquivalentTo(FakeProvider.class)))
        .check(CLASSES);
  }

  /** Who starts a fake, as the demo does, has none of them. */
  @Test
  void whatUsersRun_knowsNoLibraryOfTests() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CONTRACT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.junit..", "org.assertj..")
        .check(CLASSES);
  }

  @Test
  void theModelAndTheEngine_knowNoHttpAndNoJson() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE, RECOVERY)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("okhttp3..", "retrofit2..", "com.fasterxml..")
        .check(CLASSES);
  }

  /** It hands lists to SQLite as JSON. */
  @Test
  void theLedger_knowsNoHttp() {
    noClasses()
        .that()
        .resideInAPackage(LEDGER_JDBC)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("okhttp3..", "retrofit2..")
        .check(CLASSES);
  }

  @Test
  void publicSignatures_showNoTypeOfALibrary() {
    signaturesShowNoTypeOfALibrary().check(CLASSES);
  }

  @Test
  void publicSignatures_thatShowATypeOfALibrary_areFound() {
    JavaClasses leaks = new ClassFileImporter().importClasses(Leaks.class);
    assertThat(signaturesShowNoTypeOfALibrary().evaluate(leaks).getFailureReport().getDetails())
        .hasSize(3)
        .anyMatch(detail -> detail.contains("Leaks.calls"))
        .anyMatch(detail -> detail.contains("Leaks.inner"))
        .anyMatch(detail -> detail.contains("Leaks.<init>"));
  }

  @ParameterizedTest
  @FieldSource("PROVIDERS")
  void aProvider_showsItsFactoryItsClientAndWhatTheClientShows(String provider) {
    JavaClasses own = CLASSES.that(resideInAPackage(provider));
    Set<JavaClass> shown = shownBy(onlyOne(own, WebhookRetryClient.class));
    shown.add(onlyOne(own, ProviderFactory.class));
    classes()
        .that(describe("are public", ArchitectureTest::isVisible))
        .should(
            ArchCondition.from(
                describe("be the factory, the client or in its signatures", shown::contains)))
        .check(own);
  }

  private static JavaClass onlyOne(JavaClasses of, Class<?> type) {
    List<JavaClass> found =
        of.stream()
            .filter(ArchitectureTest::isVisible)
            .filter(each -> each.isAssignableTo(type))
            .toList();
    assertThat(found).as("public %s", type.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  @Test
  void pathsOfRetrofit_areRelative() {
    // A leading slash would drop the path of the base URL.
    List<String> paths =
        CLASSES.stream()
            .flatMap(type -> type.getMethods().stream())
            .flatMap(method -> method.getAnnotations().stream())
            .filter(annotation -> HTTP_METHODS.contains(annotation.getRawType().getName()))
            .map(annotation -> (String) annotation.get("value").orElseThrow())
            .toList();
    assertThat(paths).hasSizeGreaterThan(15).noneMatch(path -> path.startsWith("/"));
  }

  @Test
  void time_comesFromTimeSource() {
    noClasses()
        .that()
        .doNotImplement(TimeSource.class)
        .and()
        .resideOutsideOfPackage(CLI)
        .should()
        .accessTargetWhere(asksTheMachineForTime())
        .because("time is injected, so that tests neither sleep nor guess")
        .check(CLASSES);
  }

  @Test
  void theMachinesTime_isAskedInOnePlace() {
    classes()
        .that()
        .implement(TimeSource.class)
        .and()
        .resideInAPackage(CORE)
        .should()
        .accessTargetWhere(asksTheMachineForTime())
        .check(CLASSES);
  }

  @Test
  void libraries_leaveTheStandardStreamsAlone() {
    // The contract looks for secrets in what is printed.
    noClasses()
        .that()
        .resideOutsideOfPackages(CLI, DEMO, TESTKIT, CONTRACT)
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.slf4j.simple..", "java.util.logging..", "sun..", "com.sun.."})
  void libraries_doNotUse(String what) {
    noClasses()
        .that()
        .resideOutsideOfPackages(CLI, DEMO, TESTKIT, CONTRACT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(what)
        .check(CLASSES);
  }

  /** A package, and what it may know of Redrive beside itself. */
  private record Layer(String name, List<String> knows) {}

  private static Layer layer(String name, String... knows) {
    return new Layer(name, List.of(knows));
  }

  private static ArchRule signaturesShowNoTypeOfALibrary() {
    return classes()
        .that(describe("are public", ArchitectureTest::isVisible))
        .and()
        .resideOutsideOfPackage(CLI)
        .should(
            new ArchCondition<>("show no type of a library but at okHttpClient(OkHttpClient)") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                shownTypes(type)
                    .filter(shown -> isOfALibrary(shown.type()))
                    .forEach(
                        shown ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    type, shown.where() + " shows " + shown.type().getName())));
              }
            });
  }

  private static boolean isOfALibrary(JavaClass type) {
    return resideInAnyPackage(
            "okhttp3..",
            "okio..",
            "kotlin..",
            "retrofit2..",
            "com.fasterxml..",
            "io.github.resilience4j..",
            "org.jdbi..",
            "com.zaxxer..",
            "org.sqlite..",
            "org.postgresql..",
            "org.slf4j..")
        .test(type);
  }

  private record Shown(String where, JavaClass type) {}

  /** Each type in what a user sees of a public type: its supertypes, fields and methods. */
  private static Stream<Shown> shownTypes(JavaClass type) {
    Stream<Shown> own =
        Stream.of(
                type.getSuperclass().stream(),
                type.getInterfaces().stream(),
                type.getTypeParameters().stream(),
                type.getAnnotations().stream().map(JavaAnnotation::getRawType))
            .flatMap(types -> types)
            .flatMap(shown -> ((JavaType) shown).getAllInvolvedRawTypes().stream())
            .map(shown -> new Shown(type.getName(), shown));
    Stream<Shown> members =
        type.getAllMembers().stream()
            .filter(member -> resideInAPackage("dev.redrive..").test(member.getOwner()))
            .filter(ArchitectureTest::isVisible)
            .filter(member -> !isOkHttpHook(member))
            .flatMap(
                member ->
                    Stream.concat(
                            member.getAllInvolvedRawTypes().stream(),
                            member.getAnnotations().stream().map(JavaAnnotation::getRawType))
                        .map(shown -> new Shown(member.getFullName(), shown)));
    return Stream.concat(own, members);
  }

  private static boolean isOkHttpHook(JavaMember member) {
    return member instanceof JavaCodeUnit method
        && method.getName().equals("okHttpClient")
        && method.getRawParameterTypes().size() == 1
        && method.getRawParameterTypes().get(0).isEquivalentTo(OkHttpClient.class);
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return !modifiers.contains(JavaModifier.SYNTHETIC)
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  private static boolean isVisible(JavaClass type) {
    boolean open =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            || type.getModifiers().contains(JavaModifier.PROTECTED);
    return open && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  /** The client, its builder, and every type that their signatures lead to. */
  private static Set<JavaClass> shownBy(JavaClass client) {
    Set<JavaClass> found = new HashSet<>();
    Deque<JavaClass> todo = new ArrayDeque<>(List.of(client));
    while (!todo.isEmpty()) {
      JavaClass type = todo.remove();
      if (type.getPackage().equals(client.getPackage()) && found.add(type)) {
        shownTypes(type).map(Shown::type).forEach(todo::add);
      }
    }
    return found;
  }

  private static DescribedPredicate<JavaAccess<?>> asksTheMachineForTime() {
    Set<String> calls =
        Set.of(
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Date.<init>");
    return describe(
        "it asks the machine for the time",
        access ->
            calls.contains(access.getTargetOwner().getName() + "." + access.getTarget().getName()));
  }

  /** Breaks the rule of the public signatures three times, and keeps it in what is hidden. */
  @SuppressWarnings("unused")
  public static class Leaks {
    Call hidden;

    protected Leaks(Call call) {}

    public List<? extends Call> calls() {
      return List.of();
    }

    public void inner(Call.Factory[] factories) {}

    public void okHttpClient(OkHttpClient client) {}

    private void hidden(Call call) {}
  }
}

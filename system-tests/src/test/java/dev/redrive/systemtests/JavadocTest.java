package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see says what it is. */
class JavadocTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "core",
        "chatt2me",
        "baanx",
        "onlyoffice",
        "voiso",
        "github",
        "keycloak",
        "recovery",
        "ledger-jdbc",
        "integrations/spring-boot-common",
        "integrations/spring-boot-starter",
        "integrations/spring-boot4-starter",
        "integrations/db-scheduler",
        "integrations/micrometer",
        "testkit"
      })
  void whatUsersSee_isDescribed(String module) throws IOException {
    assertThat(undescribed(sourcesOf(module))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core",
        "chatt2me",
        "baanx",
        "onlyoffice",
        "voiso",
        "github",
        "keycloak",
        "recovery",
        "ledger-jdbc",
        "integrations/spring-boot-common",
        "integrations/spring-boot-starter",
        "integrations/spring-boot4-starter",
        "integrations/db-scheduler",
        "integrations/micrometer",
        "testkit"
      })
  void everyModule_showsAnExample(String module) throws IOException {
    assertThat(sourcesOf(module))
        .filteredOn(source -> source.endsWith("package-info.java"))
        .anyMatch(source -> Sources.text(source).contains("<pre>{@code"));
  }

  @Test
  void whatIsNotDescribed_isFound() throws IOException {
    Path source = Files.createTempDirectory("javadoc").resolve("Bare.java");
    Files.writeString(
        source,
        """
        public interface Bare {
          /** Said. */
          void said();
          void bare();
          @Test default void its_name_says_it() {}
          /** @param a said */
          record Two(int a, int b) {
            public Two {}
            @Override public String toString() { return ""; }
          }
          /** Said. */
          enum Kind { /** Said. */ ONE, OTHER }
        }
        class Hidden {
          public void bare() {}
        }
        """);

    assertThat(undescribed(List.of(source)))
        .containsExactly("Bare", "Bare.bare", "Bare.Two(b)", "Bare.Kind.OTHER");
  }

  private static List<Path> sourcesOf(String module) throws IOException {
    try (Stream<Path> files = Files.walk(Sources.root().resolve(module + "/src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/engine/"))
          .toList();
    }
  }

  private static List<String> undescribed(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      var scan = new Scan(Trees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        scan.scan(unit, null);
      }
      return scan.undescribed;
    }
  }

  /** Goes through what is public or protected, and in what is. */
  private static final class Scan extends TreePathScanner<Void, Void> {
    /** What overrides says no more than what it overrides; the name of a test is what it says. */
    private static final Set<String> DESCRIBED =
        Set.of("Override", "Test", "TestFactory", "ParameterizedTest");

    private final Trees trees;
    private final List<String> undescribed = new ArrayList<>();
    private final Deque<ClassTree> types = new ArrayDeque<>();

    Scan(Trees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (isShown(type.getModifiers())) {
        types.addLast(type);
        check("");
        if (type.getKind() == Tree.Kind.RECORD) {
          checkComponents(type);
        }
        super.visitClass(type, unused);
        types.removeLast();
      }
      return null;
    }

    private void checkComponents(ClassTree record) {
      String comment = comment();
      for (String component : names(components(record))) {
        if (!comment.contains("@param " + component + " ")) {
          undescribed.add(name() + "(" + component + ")");
        }
      }
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean isDescribedElsewhere =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(
                  annotation -> DESCRIBED.contains(annotation.getAnnotationType().toString()));
      if (isShown(method.getModifiers()) && !isDescribedElsewhere && !isCanonical(method)) {
        check("." + method.getName());
      }
      return null;
    }

    /** Whether it is the constructor that the record's own comment describes. */
    private boolean isCanonical(MethodTree method) {
      ClassTree type = types.getLast();
      return type.getKind() == Tree.Kind.RECORD
          && method.getName().contentEquals("<init>")
          && names(method.getParameters()).equals(names(components(type)));
    }

    private static List<VariableTree> components(ClassTree record) {
      return record.getMembers().stream()
          .filter(VariableTree.class::isInstance)
          .map(VariableTree.class::cast)
          .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
          .toList();
    }

    private static List<String> names(List<? extends VariableTree> variables) {
      return variables.stream().map(variable -> variable.getName().toString()).toList();
    }

    @Override
    public Void visitVariable(VariableTree field, Void unused) {
      boolean isComponent =
          types.getLast().getKind() == Tree.Kind.RECORD
              && !field.getModifiers().getFlags().contains(Modifier.STATIC);
      if (isShown(field.getModifiers()) && !isComponent) {
        check("." + field.getName());
      }
      return null;
    }

    private boolean isShown(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      boolean inInterface =
          !types.isEmpty()
              && Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE)
                  .contains(types.getLast().getKind());
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private void check(String member) {
      if (comment().isBlank()) {
        undescribed.add(name() + member);
      }
    }

    private String name() {
      return String.join(".", types.stream().map(type -> type.getSimpleName().toString()).toList());
    }

    private String comment() {
      return Objects.requireNonNullElse(trees.getDocComment(getCurrentPath()), "");
    }
  }
}

package dev.redrive.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.RequestListener;
import dev.redrive.recovery.RecoveryListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AllListenersTest {
  static Stream<Method> calls() {
    return Stream.of(RecoveryListener.class, RequestListener.class)
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .filter(Method::isDefault);
  }

  /** Whatever calls a listener may get one day. */
  @ParameterizedTest
  @MethodSource("calls")
  void eachCall_reachesAll_evenIfOneFails(Method call) {
    List<String> called = new ArrayList<>();
    Object all =
        call.getDeclaringClass() == RecoveryListener.class
            ? new AllListeners(three(RecoveryListener.class, called))
            : new AllRequestListeners(three(RequestListener.class, called));

    assertThatThrownBy(() -> call.invoke(all, new Object[call.getParameterCount()]))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseMessage("failing");
    assertThat(called).containsExactly("first", "failing", "last");
  }

  private static <L> List<L> three(Class<L> type, List<String> called) {
    return Stream.of("first", "failing", "last").map(name -> listener(type, name, called)).toList();
  }

  private static <L> L listener(Class<L> type, String name, List<String> called) {
    return type.cast(
        Proxy.newProxyInstance(
            AllListenersTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              called.add(name);
              if (name.equals("failing")) {
                throw new IllegalStateException(name);
              }
              return null;
            }));
  }
}

package dev.redrive.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    return Arrays.stream(RecoveryListener.class.getMethods()).filter(Method::isDefault);
  }

  /** Whatever calls a listener may get one day. */
  @ParameterizedTest
  @MethodSource("calls")
  void eachCall_reachesAll_evenIfOneFails(Method call) {
    List<String> called = new ArrayList<>();
    var all =
        new AllListeners(
            List.of(
                listener("first", called), listener("failing", called), listener("last", called)));

    assertThatThrownBy(() -> call.invoke(all, new Object[call.getParameterCount()]))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseMessage("failing");
    assertThat(called).containsExactly("first", "failing", "last");
  }

  private static RecoveryListener listener(String name, List<String> called) {
    return (RecoveryListener)
        Proxy.newProxyInstance(
            AllListenersTest.class.getClassLoader(),
            new Class<?>[] {RecoveryListener.class},
            (proxy, method, arguments) -> {
              called.add(name);
              if (name.equals("failing")) {
                throw new IllegalStateException(name);
              }
              return null;
            });
  }
}

package dev.redrive.spring;

class AutoConfigurationTest extends AutoConfigurationContract {
  @Override
  Class<?> healthConfiguration() {
    return ownConfiguration();
  }

  /** It is not visible here, as it is not to users. */
  private static Class<?> ownConfiguration() {
    try {
      return Class.forName("dev.redrive.spring.boot3.HealthAutoConfiguration");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}

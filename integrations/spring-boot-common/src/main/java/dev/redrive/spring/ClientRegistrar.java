package dev.redrive.spring;

import dev.redrive.WebhookRetryClient;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Defines a bean for the client of each configured account, unless it has one of its name. */
final class ClientRegistrar implements ImportBeanDefinitionRegistrar {
  private final Environment environment;

  ClientRegistrar(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    for (ConfiguredAccount account : ConfiguredAccount.all(environment)) {
      if (!registry.containsBeanDefinition(account.beanName())) {
        registry.registerBeanDefinition(account.beanName(), definition(account));
      }
    }
  }

  private static RootBeanDefinition definition(ConfiguredAccount account) {
    var definition = new RootBeanDefinition();
    definition.setTargetType(WebhookRetryClient.class);
    definition.setFactoryBeanName(ConfiguredClients.BEAN);
    definition.setFactoryMethodName("client");
    definition.getConstructorArgumentValues().addIndexedArgumentValue(0, account.beanName());
    definition.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD);
    return definition;
  }
}

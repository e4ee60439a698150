package dev.redrive.testkit;

/**
 * One webhook of a fake.
 *
 * @param id the provider's id
 * @param name its label
 * @param url the receiver's URL, which nobody calls
 * @param eventType what it is for, where the provider has one type a webhook
 */
record Subscription(String id, String name, String url, String eventType) {}

package dev.redrive.testkit.contract;

/**
 * The whole contract: listing, paging under change, every status code and fault for lists, retries
 * and outcomes, request counts, what a listener is told, interrupts, deadlines, threads, closing,
 * secrets, and the {@link dev.redrive.ProviderFactory} that is found for the provider.
 *
 * <p>A provider's tests extend it; what a provider can or cannot do is asked of its {@link
 * dev.redrive.ProviderTraits}, and both sides are tested. Few things are asked of the test class
 * itself, such as {@link #answersWithoutBody()}.
 */
public abstract class WebhookRetryClientContract extends ContractFixture
    implements FailuresContract,
        FilterContract,
        LogsContract,
        ListingFaultsContract,
        OddTimesContract,
        OddRowsContract,
        RetryContract,
        RetryFaultsContract,
        RetryByIdContract,
        OutcomeContract,
        LostRetryContract,
        OutcomeFaultsContract,
        HandOverContract,
        NoneTwiceContract,
        InterruptContract,
        RequestListenerContract,
        LifecycleContract,
        SecrecyContract,
        FactoryContract {
  /** For subclasses. */
  protected WebhookRetryClientContract() {}
}

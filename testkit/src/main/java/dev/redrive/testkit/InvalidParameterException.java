package dev.redrive.testkit;

/** A request's parameter or field that the API refuses; see {@link FakeApi#invalid}. */
public final class InvalidParameterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String parameter;
  private final String problem;

  /**
   * Refuses a request.
   *
   * @param problem what is wrong with it, such as {@code must be a number}
   */
  public InvalidParameterException(String parameter, String problem) {
    super(parameter + " " + problem);
    this.parameter = parameter;
    this.problem = problem;
  }

  /** The name of the parameter or field. */
  public String parameter() {
    return parameter;
  }

  /** What is wrong with it. */
  public String problem() {
    return problem;
  }
}

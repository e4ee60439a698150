package dev.redrive.testkit;

/** A request's parameter or field that the API refuses; each fake has its own answer to it. */
final class InvalidParameterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String parameter;
  private final String problem;

  InvalidParameterException(String parameter, String problem) {
    super(parameter + " " + problem);
    this.parameter = parameter;
    this.problem = problem;
  }

  String parameter() {
    return parameter;
  }

  String problem() {
    return problem;
  }
}

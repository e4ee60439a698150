package dev.redrive.spring;

class ApplicationTest extends ApplicationContract {}

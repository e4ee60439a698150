evaluate(new File(basedir, '../spring-boot3-consumer/verify.groovy'))

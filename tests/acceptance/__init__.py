"""The whole product as processes: started, used, hurt and stopped, one test at a time."""

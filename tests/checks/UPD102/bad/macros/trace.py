changed here

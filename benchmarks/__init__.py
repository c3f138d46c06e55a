"""The same work for the kit and for the tools and floors that it is measured against, in the same run."""

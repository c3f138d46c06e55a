"""The mutation campaign: every input of the kit, damaged in thousands of ways, through the verbs that read it."""

added here

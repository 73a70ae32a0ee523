"""One operation of the API by its name: from words to requests, from answers to what may be shown."""

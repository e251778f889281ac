"""The steps of the wizards whose drafts are rows; one noun a file."""

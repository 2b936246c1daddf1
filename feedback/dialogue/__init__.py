"""Public dialogue: sessions from announcement to promises kept."""

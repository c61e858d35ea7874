"""Pages of custody (管护): looking and acting."""

"""The portal: pages for people, over the generated client alone."""

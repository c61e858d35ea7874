"""The design system (界面): template environment, filters, base page, kit of macros, styles and scripts."""

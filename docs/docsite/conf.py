# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of the docs site: as ``antsibull-docs sphinx-init`` writes them, with the Markdown pages in it.

``make docs`` builds it (tests/tools/docsite.py); no other host is asked for anything.
"""

project = "ownrouter.ovhcloud"
copyright = "ownrouter contributors"  # noqa: A001
title = html_title = html_short_title = "Your own router on an OVHcloud line"
html_show_copyright = False

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
#: Links to headings, named as GitHub names them.
myst_heading_anchors = 4
#: The grammar of RouterOS' terminal is known to nobody here; words of a terminal that break no rule either.
suppress_warnings = ["misc.highlighting_failure"]

pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_theme = "sphinx_ansible_theme"
html_theme_options = {"topbar_links": {}, "navigation_depth": 2, "collapse_navigation": False}
html_context = {"display_github": False}
html_static_path = ["static"]
html_css_files = ["tables.css"]
html_show_sphinx = False
html_use_index = False
html_copy_source = False

# The few pages of Ansible that the reference leads to; their list is made beside this file.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}
intersphinx_timeout = 1

# References to what is no part of this collection (modules of ansible-core) stay words.
nitpicky = False
#: `--check` and 'ovh-eu' stay what a reader types and searches for.
smartquotes = False
default_role = "any"

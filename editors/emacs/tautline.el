;;; tautline.el --- tautline in Emacs, through eglot -*- lexical-binding: t -*-

;; Copy this to a directory in `load-path' and put (require 'tautline) into your init file; or load it as it is. It needs
;; `tautline' on the PATH, and eglot, which is part of Emacs from 29 on. For colours, any mode for Terraform will do; where
;; there is none, files are opened in a mode of their own, which knows comments and nothing else.

(require 'eglot)

(define-derived-mode tautline-hcl-mode prog-mode "HCL"
  "What is needed of a mode for HCL where no other one is installed."
  (setq-local comment-start "# "))

(defvar tautline-modes
  '(terraform-mode terraform-ts-mode hcl-mode hcl-ts-mode tautline-hcl-mode)
  "The modes in which tautline is offered.")

(add-to-list 'eglot-server-programs (cons tautline-modes '("tautline" "lsp")))

;; Any mode that names these files itself comes first in the list.
(add-to-list 'auto-mode-alist '("\\.\\(tf\\|tofu\\|tfvars\\|hcl\\)\\'" . tautline-hcl-mode) t)

(dolist (mode tautline-modes)
  (add-hook (intern (format "%s-hook" mode)) #'eglot-ensure))

(provide 'tautline)
;;; tautline.el ends here

@echo off
setlocal
set AIMS_PYTHON=python
where /q py && set AIMS_PYTHON=py -3
%AIMS_PYTHON% "%~dp0aims" %*
exit /b %ERRORLEVEL%

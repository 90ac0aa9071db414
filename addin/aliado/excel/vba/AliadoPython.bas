Attribute VB_Name = "AliadoPython"
Option Explicit
Option Private Module

' How Excel reaches Python: through the bridge that ships with xlwings (BSD), or a new process.
' Which Python is the user's own setting, in the user's own folder. No workbook, no folder of a workbook and no name of
' a workbook ever takes part in choosing it, in its search path or in its command line; that is why this is not xlwings'
' own module. -P keeps the current folder, which may be a client's, off the search path.

'@declarations

Public Sub RunPython(ByVal Command As String)
    ' A Sub, so that no formula in a cell can call it.
    #If Mac Then
        RunOnMac Command
    #Else
        If LCase$(Setting("USE UDF SERVER")) = "true" Then
            RunInServer Command
        Else
            RunInProcess Command
        End If
    #End If
End Sub

Public Function XLPy() As Object
    #If Mac Then
        Err.Raise 1000, Description:="Custom functions need Excel for Windows."
    #Else
        Dim Bridge As Variant
        LoadBridge
        If XLPyDLLActivateAuto(Bridge, ServerCommand(), 1) <> 0 Then Err.Raise 1000, Description:=Bridge
        Set XLPy = Bridge
    #End If
End Function

Public Function Setting(ByVal Name As String) As String
    Dim Number As Integer, Key As String, Value As String
    If Dir$(SettingsFile()) = "" Then Exit Function
    Number = FreeFile
    Open SettingsFile() For Input As #Number
    Do While Not EOF(Number)
        Input #Number, Key, Value
        If LCase$(Key) = LCase$(Name) Then Setting = Value
    Loop
    Close #Number
End Function

Public Function SettingsFile() As String
    #If Mac Then
        SettingsFile = Environ$("HOME") & "/aliado.conf"
    #Else
        SettingsFile = Environ$("USERPROFILE") & "\.aliado\aliado.conf"
    #End If
End Function

#If Mac Then
Private Sub RunOnMac(ByVal Command As String)
    Dim Log As String, Answer As String
    Log = Environ$("HOME") & "/aliado.log"
    On Error GoTo NotInstalled
    Answer = AppleScriptTask("xlwings-" & XLWINGS_VERSION & ".applescript", "VbaHandler", _
        "false;;;;;|" & Setting("INTERPRETER_MAC") & "|" & Command & "|Aliado|" & _
        Left$(Application.Path, Len(Application.Path) - 4) & "|" & Log)
    Exit Sub
NotInstalled:
    MsgBox "Ejecute / Run: aliado addin install", vbCritical, "Aliado"
End Sub
#Else
Private Sub RunInServer(ByVal Command As String)
    On Error GoTo Failed
    XLPy.Exec Command
    Exit Sub
Failed:
    MsgBox Err.Description, vbCritical, "Aliado"
End Sub

Private Sub RunInProcess(ByVal Command As String)
    Dim Log As String, Folder As String
    Folder = Environ$("USERPROFILE") & "\.aliado"
    Log = Folder & "\excel.log"
    If CreateObject("WScript.Shell").Run("cmd.exe /C cd /D """ & Folder & """ && """ & Interpreter() & """ -P -B -c """ & _
        Command & """ 2> """ & Log & """", 0, True) <> 0 Then
        MsgBox "Python no ha podido terminar. / Python could not finish." & vbCrLf & Log & vbCrLf & "aliado addin doctor", _
            vbCritical, "Aliado"
    End If
End Sub

Private Function Interpreter() As String
    Interpreter = Setting("INTERPRETER_WIN")
    If Interpreter = "" Then
        Err.Raise 1000, Description:="Falta / missing: " & SettingsFile() & " -> aliado addin install"
    End If
End Function

Private Function ServerCommand() As String
    ' A server that was started at logon is found by its class id; else Excel starts one, which some firms' rules forbid.
    ServerCommand = Setting("SERVER")
    If ServerCommand = "" Then
        ServerCommand = "cmd.exe /K """"" & Interpreter() & """ -P -B -c ""import xlwings; xlwings.serve('$(CLSID)')"""""
    End If
End Function

Private Sub LoadBridge()
    Dim Folder As String
    Folder = ParentFolder(Interpreter())
    If LoadLibrary(Folder & "\" & XLPyDLLName) <> 0 Then Exit Sub
    If LoadLibrary(ParentFolder(Folder) & "\" & XLPyDLLName) <> 0 Then Exit Sub
    Err.Raise 1000, Description:="Falta / missing: " & XLPyDLLName & " -> aliado addin doctor"
End Sub

Private Function ParentFolder(ByVal Path As String) As String
    ParentFolder = Left$(Path, InStrRev(Path, "\") - 1)
End Function
#End If
